import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { ImportBatch, ImportLedgerRows } from '@/lib/flows/contracts/importLedger';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant64, type Sql, sql } from '@/lib/server/clickhouse/sql';
import { askedRange } from './asked';
import { coverageFor } from './coverage';
import { loadFacts } from './facts';
import { fixedPlan } from './fixedPlan';
import { metaOf } from './meta';
import { exact, small } from './rows';

/** A batch that has been pending for longer than this is not simply under way: storing one takes seconds. */
const DOUBTFUL_SECONDS = 60;

/** What the ledger says of imports. The range does not apply: a file of last year may have been imported today. */
export async function answerImportLedger(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<ImportLedgerRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = fixedPlan(asked, 60, 'ingest_batches', 'the ledger, whatever the range');
  const doubtfulBefore = instant64(facts.now - DOUBTFUL_SECONDS);
  const unfinished = sql`(state = 'lost' OR (state = 'pending' AND created_at < ${doubtfulBefore}))`;
  const [totals, newest, open, sources] = await Promise.all([
    loadTotals(context, doubtfulBefore),
    loadBatches(context, sql`1`, sql`50`),
    loadBatches(context, unfinished, sql`20`),
    loadSources(context),
  ]);
  const coverage = coverageFor([], { ...facts, expected: [] }, plan, undefined);
  const read = (row: z.infer<typeof batchRow>) => batchOf(row, facts.now);
  return {
    rows: {
      ...totals,
      newest: newest.map(read),
      unfinished: open.map(read),
      sources: sources.map(({ all: _, ...row }) => row),
      sourceCount: sources[0]?.all ?? 0,
    },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started }),
  };
}

const sums = { records: exact, accepted: exact, rejected: exact, duplicates: exact, flagged: exact };

async function loadTotals(context: QueryContext, doubtfulBefore: ReturnType<typeof instant64>) {
  const [row] = await execute(
    context,
    sql`SELECT count() AS batches, sum(b.records) AS records, sum(b.accepted) AS accepted, sum(b.rejected) AS rejected, sum(b.duplicates) AS duplicates, sum(b.flagged) AS flagged,
    countIf(state = 'pending' AND created_at < ${doubtfulBefore}) AS inDoubt, countIf(state = 'lost') AS lost
FROM ingest_batches AS b FINAL`,
    z.object({ batches: small, ...sums, inDoubt: small, lost: small }),
  );
  return (
    row ?? {
      batches: 0,
      records: '0',
      accepted: '0',
      rejected: '0',
      duplicates: '0',
      flagged: '0',
      inDoubt: 0,
      lost: 0,
    }
  );
}

const batchRow = z.object({
  batch: z.string(),
  sourceName: z.string(),
  format: z.string(),
  ...sums,
  storedAt: small,
  firstStart: small,
  lastEnd: small,
  state: z.string(),
});

function loadBatches(context: QueryContext, condition: Sql, limit: Sql) {
  return execute(
    context,
    sql`SELECT toString(batch_id) AS batch, toValidUTF8(source_name) AS sourceName, toString(b.format) AS format, b.records AS records, b.accepted AS accepted, b.rejected AS rejected,
    b.duplicates AS duplicates, b.flagged AS flagged, toUnixTimestamp(toDateTime(created_at, 'UTC')) AS storedAt, toUnixTimestamp(toDateTime(first_start, 'UTC')) AS firstStart,
    toUnixTimestamp(toDateTime(last_end, 'UTC')) AS lastEnd, toString(b.state) AS state
FROM ingest_batches AS b FINAL
WHERE ${condition}
ORDER BY created_at DESC, source_offset DESC, batch_id
LIMIT ${limit}`,
    batchRow,
  );
}

function batchOf(row: z.infer<typeof batchRow>, now: number): ImportBatch {
  const nothing = row.accepted === '0';
  const state =
    row.state === 'committed'
      ? 'stored'
      : row.state === 'lost'
        ? 'lost'
        : row.storedAt < now - DOUBTFUL_SECONDS
          ? 'in doubt'
          : 'under way';
  return {
    ...row,
    firstStart: nothing ? null : row.firstStart,
    lastEnd: nothing ? null : row.lastEnd,
    state,
  };
}

function loadSources(context: QueryContext) {
  return execute(
    context,
    sql`SELECT toValidUTF8(name) AS sourceName, format, batches, records, accepted, rejected, duplicates, flagged, lastStored, count() OVER () AS all
FROM
(
    SELECT source_name AS name, toString(any(b.format)) AS format, count() AS batches, sum(b.records) AS records, sum(b.accepted) AS accepted, sum(b.rejected) AS rejected,
        sum(b.duplicates) AS duplicates, sum(b.flagged) AS flagged, toUnixTimestamp(toDateTime(max(created_at), 'UTC')) AS lastStored
    FROM ingest_batches AS b FINAL
    GROUP BY name
)
ORDER BY duplicates DESC, lastStored DESC, name
LIMIT 50`,
    z.object({
      sourceName: z.string(),
      format: z.string(),
      batches: small,
      ...sums,
      lastStored: small,
      all: small,
    }),
  );
}
