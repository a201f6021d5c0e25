import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestClickHouse } from '@/clickhouse/testing/testEngine';
import type { Targets } from '@/lib/server/env';
import { type Ingest, type IngestRequest, openIngest } from '@/lib/server/ingest/ingest';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import type { FlowRecord } from '@/lib/server/ingest/record';
import { inBlocks, manyRecords } from '@/lib/server/ingest/testing/records';

export interface KillResult {
  rounds: number;
  /** Rounds whose kill hit a batch under way. */
  interrupted: number;
  /** Batches of which parts had been lost although their deduplication entry was there, or that were not yet stored. */
  batchesMended: number;
  /** Rollup partitions made again. */
  partitionsMended: number;
  /** Every record that must be stored, exactly once. */
  records: FlowRecord[];
}

const RECORDS = 6_000;
const BATCH = 2_000;
/** UTC days that each batch touches: as many parts of flows. */
const DAYS = 12;

/**
 * Imports a new source each round and kills the server (SIGKILL) at a moment of the import; starts it again, imports the source
 * again, and reconciles as the supervisor does after an unclean stop. Every other round the import itself outlives the kill and
 * goes on with the restarted server.
 */
export async function killRounds(
  engine: TestClickHouse,
  rounds: number,
  seed: number,
  onRound: (line: string) => void,
): Promise<KillResult> {
  const spool = await mkdtemp(join(tmpdir(), 'weir-kill-spool-'));
  const targets: Targets = { clickhouse: engine.target, databaseUrl: '' };
  const random = seeded(seed);
  const result: KillResult = { rounds, interrupted: 0, batchesMended: 0, partitionsMended: 0, records: [] };
  let usualMs = Number.POSITIVE_INFINITY;
  try {
    for (let round = -1; round <= rounds; round += 1) {
      const parsed = manyRecords(RECORDS, DAYS, seed * 1000 + round + 1);
      const request: IngestRequest = {
        read: () => inBlocks(parsed, 500),
        format: { name: 'test', version: 1 },
        sourceName: `round ${round}`,
        batchSize: BATCH,
      };
      result.records.push(...parsed.flatMap((one) => (one.ok ? [one.record] : [])));
      if (round <= 0) {
        // Two are not killed: the faster one tells how long an import takes, so that the kills fall into it.
        const started = performance.now();
        await withIngest(targets, { spool }, (ingest) => ingest.run(request));
        usualMs = Math.min(usualMs, performance.now() - started);
        continue;
      }
      const outlives = round % 2 === 0;
      const killAt = random() * usualMs;
      const first = withIngest(targets, { spool, retryMs: outlives ? 60_000 : 0 }, (ingest) =>
        ingest.run(request),
      ).then(
        (summary) => (summary.doubtfulBatches > 0 ? 'retried' : 'finished'),
        () => 'failed',
      );
      await delay(killAt);
      engine.engine().kill('SIGKILL');
      await engine.engine().exited;
      await engine.restart();
      const outcome = await first;
      if (outcome !== 'finished') result.interrupted += 1;
      const again = await withIngest(targets, { spool }, (ingest) => ingest.run(request));
      const report = await reconcile(targets, { scope: 'doubtful', spool });
      const mendedBatches = report.batches.filter(({ kind }) => kind !== 'unfinished').length;
      result.batchesMended += mendedBatches + again.doubtfulBatches;
      result.partitionsMended += report.rollups.length;
      onRound(
        `round ${round}: killed after ${killAt.toFixed(0)} ms, import ${outcome}; again: ${again.accepted} accepted, ${again.duplicates} duplicates, ${again.doubtfulBatches} in doubt; reconcile ${report.ok ? 'ok' : 'NOT OK'}, ${report.batches.length} batches, ${report.rollups.length} partitions`,
      );
      if (!report.ok) throw new Error(`round ${round}: ${JSON.stringify(report)}`);
    }
    return result;
  } finally {
    await rm(spool, { recursive: true, force: true });
  }
}

async function withIngest<T>(
  targets: Targets,
  options: { spool: string; retryMs?: number },
  run: (ingest: Ingest) => Promise<T>,
): Promise<T> {
  const ingest = openIngest(targets, options);
  try {
    return await run(ingest);
  } finally {
    await ingest.close();
  }
}

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
