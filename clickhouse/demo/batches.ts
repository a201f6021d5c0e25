import { createHash } from 'node:crypto';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { z } from 'zod';
import { LANDING_COLUMNS } from '@/lib/server/ingest/encodeRow';
import type { DemoIdentity } from './context';
import type { Piece } from './plan/pieces';
import { type PlanContext, type PlanRows, planRows } from './plan/rows';
import { recordsSql } from './records/recordsSql';
import { type DemoTarget, localTable, select } from './target';

/** Raised when the same seed makes other records than before. */
const DEMO_FORMAT_VERSION = 1;

/** The ledger's `options` of a batch of the demo: all that is needed to make it again. */
const optionsSchema = z.object({
  demo: z.object({
    seed: z.number(),
    start: z.number(),
    end: z.number(),
    records: z.number(),
    kind: z.enum(['thin', 'dense', 'live']),
    origin: z.number(),
    finish: z.number().nullable(),
    from: z.number(),
    to: z.number(),
  }),
});

export interface DemoBatch {
  source: string;
  identity: DemoIdentity;
  piece: Piece;
  committed: boolean;
  records: number;
}

/** Source of the history up to the first end. */
export function historySource({ seed, end }: DemoIdentity): string {
  return `demo:${seed}:${new Date(end * 1000).toISOString()}`;
}

/** Source of everything after it: gaps and live feed. */
export function liveSource(seed: number): string {
  return `demo:${seed}:live`;
}

/** Reads the options of a ledger row; null for what is no batch of the demo. */
export function readOptions(options: unknown): { identity: DemoIdentity; piece: Piece } | null {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) return null;
  const { seed, start, end, records, ...piece } = parsed.data.demo;
  return { identity: { seed, start, end, records }, piece };
}

export interface KnownBatches {
  /** Those of the history; of what came after it, the unfinished ones and the last. */
  batches: DemoBatch[];
  /** records of all finished batches */
  records: number;
}

/** What the ledger knows of a demo seed. A feed of a month has a quarter of a million batches, of which only the ends matter. */
export async function readBatches(
  client: ClickHouseClient,
  target: DemoTarget,
  seed: number,
): Promise<KnownBatches> {
  const table = `${target.database}.ingest_batches`;
  const params = { prefix: `demo:${seed}:`, live: liveSource(seed) };
  const all = `(SELECT source, source_offset, options, state, records FROM ${table} FINAL WHERE startsWith(source, {prefix:String}))`;
  const rows = await select<{ source: string; options: string; state: string; records: string }>(
    client,
    `SELECT source, options, state, records FROM ${all}
     WHERE source != {live:String} OR state != 'committed' OR source_offset = (SELECT max(source_offset) FROM ${table} WHERE source = {live:String})
     ORDER BY source, source_offset`,
    params,
  );
  const [total] = await select<{ records: string }>(
    client,
    `SELECT sum(records) AS records FROM ${all} WHERE state = 'committed'`,
    params,
  );
  const batches = rows.flatMap((row) => {
    const known = readOptions(JSON.parse(row.options));
    return known
      ? [{ ...known, source: row.source, committed: row.state === 'committed', records: Number(row.records) }]
      : [];
  });
  return { batches, records: Number(total?.records ?? 0) };
}

/** One block from the statement to the last rollup, recognised by its token in every table it reaches. */
function exactlyOnce(token: string): ClickHouseSettings {
  return {
    ...STATEMENT,
    async_insert: 0,
    wait_end_of_query: 1,
    insert_deduplicate: 1,
    insert_deduplication_token: token,
    // Left alone, ClickHouse drops deduplication for an INSERT SELECT without a total order. This one needs none: one thread makes one
    // block, the same each time, and it is the token that is compared.
    deduplicate_insert_select: 'enable_even_for_bad_queries',
    deduplicate_blocks_in_dependent_materialized_views: 1,
    parallel_view_processing: 1,
    materialized_views_ignore_errors: 0,
    max_insert_threads: '1',
    min_insert_block_size_rows: BLOCK,
    min_insert_block_size_bytes: '0',
    max_partitions_per_insert_block: '1000',
    distributed_foreground_insert: 1,
    // The views group by the keys of their tables already; sorting and merging each block once more would find nothing to merge.
    optimize_on_insert: 0,
  };
}

/** More rows than any batch has, so that a batch is one block. */
const BLOCK = '4000000';
const STATEMENT: ClickHouseSettings = {
  // The plan of a batch stands in its statement.
  max_query_size: '100000000',
  max_block_size: BLOCK,
  max_threads: 1,
};

interface Totals {
  records: string;
  flagged: string;
  bytes: string;
  packets: string;
  first_start: string;
  last_end: string;
}

export interface StoredBatch {
  records: number;
  bytes: bigint;
}

/**
 * Makes and stores one batch exactly once. The ledger first says what is coming (pending, with its sums), then that it is there; after
 * a crash between the two the same batch with the same token is a no-op where it had arrived.
 * @throws when ClickHouse refuses, or when fewer rows arrived than were made
 */
export async function storePiece(
  client: ClickHouseClient,
  target: DemoTarget,
  context: PlanContext,
  source: string,
  identity: DemoIdentity,
  piece: Piece,
  signal?: AbortSignal,
): Promise<StoredBatch> {
  const rows = planRows(context, piece);
  if (rows.records === 0) return { records: 0, bytes: 0n };
  const options = { demo: { ...identity, ...piece } };
  const id = createHash('sha256')
    .update(`${source}\n${piece.from}\n${DEMO_FORMAT_VERSION}\n${JSON.stringify(options)}`)
    .digest('hex');
  const key = BigInt(`0x${id.slice(0, 16)}`);
  const query = recordsSql(context.seed, key, rows, context.sources, context.network);
  const abort = signal ? { abort_signal: signal } : {};

  const answer = await client.query({
    query: `SELECT count() AS records, countIf(quality_flags != 0) AS flagged, sum(bytes_raw * sampling_rate) AS bytes,
      sum(packets_raw * sampling_rate) AS packets, min(ts_start) AS first_start, max(ts_start + toIntervalMillisecond(duration_ms)) AS last_end
      FROM (${query})`,
    format: 'JSONEachRow',
    clickhouse_settings: STATEMENT,
    ...abort,
  });
  const [totals] = await answer.json<Totals>();
  if (!totals) throw new Error(`ClickHouse made no sums for demo batch ${id.slice(0, 12)}; look at its log.`);
  const batch = { id, source, piece, rows, options, totals };
  signal?.throwIfAborted();
  await writeLedger(client, target, batch, 'pending');
  await client.command({
    query: `INSERT INTO ${localTable(target, 'flows_landing')} (${LANDING_COLUMNS.join(', ')}) ${query}`,
    clickhouse_settings: exactlyOnce(id),
  });
  const [stored] = await select<{ rows: string }>(
    client,
    `SELECT count() AS rows FROM ${target.database}.flows WHERE batch_key = {key:UInt64}
       AND ts_start BETWEEN parseDateTime64BestEffort({first:String}, 3, 'UTC') AND parseDateTime64BestEffort({last:String}, 3, 'UTC')`,
    { key: key.toString(), first: totals.first_start, last: totals.last_end },
  );
  if (stored?.rows !== totals.records) {
    throw new Error(
      `Demo batch ${id.slice(0, 12)} has ${stored?.rows ?? 0} of ${totals.records} rows in flows: run npm run reconcile, then start again.`,
    );
  }
  await writeLedger(client, target, batch, 'committed');
  return { records: Number(totals.records), bytes: BigInt(totals.bytes) };
}

let lastVersion = 0n;

async function writeLedger(
  client: ClickHouseClient,
  target: DemoTarget,
  batch: { id: string; source: string; piece: Piece; rows: PlanRows; options: object; totals: Totals },
  state: 'pending' | 'committed',
): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastVersion = now > lastVersion ? now : lastVersion + 1n;
  const { totals } = batch;
  await client.insert({
    table: `${target.database}.ingest_batches`,
    format: 'JSONEachRow',
    values: [
      {
        batch_id: batch.id,
        batch_key: BigInt(`0x${batch.id.slice(0, 16)}`).toString(),
        source: batch.source,
        source_name: 'demo',
        // A plan has no ordinals: the second at which the batch begins takes their place.
        source_offset: batch.piece.from,
        records: totals.records,
        accepted: totals.records,
        rejected: 0,
        duplicates: 0,
        flagged: totals.flagged,
        bytes: totals.bytes,
        packets: totals.packets,
        first_start: totals.first_start,
        last_end: totals.last_end,
        batch_size: batch.rows.records,
        format: 'demo',
        format_version: DEMO_FORMAT_VERSION,
        options: JSON.stringify(batch.options),
        token: batch.id,
        state,
        created_at: (Date.now() / 1000).toFixed(3),
        version: lastVersion.toString(),
      },
    ],
    // A repeated word on a batch changes nothing, so no deduplication is needed here.
    clickhouse_settings: { async_insert: 0, insert_deduplicate: 0 },
  });
}
