import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterMonths, MONTHS_OF_QUARTER, quarterOf } from '@/lib/flows/months';
import { type ClickHouseTarget, fiscalStartFromEnv } from '@/lib/server/env';
import { connect, localTable, select } from '@/lib/server/ingest/connect';
import { startOf } from '@/lib/server/ingest/reconcile/days';
import { keptSince } from '@/lib/server/ingest/reconcile/retention';
import { readRollupStarts } from '@/lib/server/ingest/reconcile/rollupStarts';
import { CLOSING_RULE, closeMonth, HEAVY_TABLES } from './closeMonth';
import { closeQuarter, QUARTER_RULE, QUARTER_TABLES } from './closeQuarter';
import { type PeriodSums, sumsOf } from './periodSums';

/** A table that is written when a period of UTC months is over. */
interface List {
  name: string;
  source: 'endpoints_1d' | 'pairs_1d';
  /** UTC months in each of its periods */
  months: number;
  rule: number;
  close(client: ClickHouseClient, database: string, start: number): Promise<PeriodSums>;
}

const LISTS: readonly List[] = [
  ...HEAVY_TABLES.map((table) => ({
    name: table.name,
    source: table.source,
    months: 1,
    rule: CLOSING_RULE,
    close: (client: ClickHouseClient, database: string, start: number) =>
      closeMonth(client, database, table, start),
  })),
  ...QUARTER_TABLES.map((table) => ({
    name: table.name,
    source: table.source,
    months: MONTHS_OF_QUARTER,
    rule: QUARTER_RULE,
    close: (client: ClickHouseClient, database: string, start: number) =>
      closeQuarter(client, database, table, start),
  })),
];

export interface ClosedPeriod {
  table: string;
  /** the month it begins with, `2026-10` */
  month: string;
  /** false: closed before, and made again because records came later or months are closed differently now */
  first: boolean;
}

export interface CloseReport {
  closed: ClosedPeriod[];
  /** Months that are over and cannot be closed, and why. */
  left: string[];
}

/**
 * Writes the heavy hitters of every UTC month that is over: the watermark has passed its end, so everything has arrived as far as anybody can
 * know; and of every quarter that is over, of the calendar and of fiscal years, whose days are all kept. A period whose days still stand is made again where they have got more records since or where it was closed by an
 * older rule. Periods of which single days are gone stay as they are, and so do months that never could be closed, which are named: quarters are not, as months say the same of them within bounds.
 * Running it again changes nothing.
 *
 * @param watermark epoch seconds; null = nothing has ever arrived
 */
export async function closeMonths(
  target: ClickHouseTarget,
  watermark: number | null,
  {
    onStep,
    signal,
    fiscalStart = fiscalStartFromEnv(),
  }: { onStep?: (text: string) => void; signal?: AbortSignal | undefined; fiscalStart?: number } = {},
): Promise<CloseReport> {
  const report: CloseReport = { closed: [], left: [] };
  if (watermark === null) return report;
  const client = connect(target, 'owner');
  try {
    const starts = await readRollupStarts(client, target);
    for (const list of LISTS) {
      const source = localTable(target, list.source);
      const kept = await keptSince(client, target.database, source.slice(target.database.length + 1));
      const since = Math.max(kept, starts.get(source) ?? 0);
      const complete = since === 0 ? 0 : startOf(since) / 1000;
      for (const start of await periodsOver(client, target, list, watermark, fiscalStart)) {
        signal?.throwIfAborted();
        const before = await closedBefore(client, target.database, list, start);
        const name = new Date(start * 1000).toISOString().slice(0, 7);
        if (start < complete) {
          if (before === null && list.months === 1)
            report.left.push(
              `${list.name} of ${name}: ${list.source} is complete only from ${new Date(complete * 1000).toISOString().slice(0, 10)} on`,
            );
          continue;
        }
        const now = await sumsOf(client, `${target.database}.${list.source}`, {
          from: start,
          to: afterMonths(start, list.months),
        });
        if (before?.rule === list.rule && JSON.stringify(before.sums) === JSON.stringify(now)) continue;
        onStep?.(`closing ${name}${list.months === 1 ? '' : ' and the two months after it'}: ${list.name}`);
        await note(client, target.database, list, start, await list.close(client, target.database, start));
        report.closed.push({ table: list.name, month: name, first: before === null });
      }
    }
    return report;
  } finally {
    await client.close();
  }
}

/** Starts of the periods of a list that have data and have ended, epoch seconds. */
async function periodsOver(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  { source, months }: List,
  watermark: number,
  fiscalStart: number,
): Promise<number[]> {
  const rows = await select<{ month: number }>(
    client,
    `SELECT DISTINCT toUnixTimestamp(toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC')) AS month FROM ${target.database}.${source} ORDER BY month`,
    {},
  );
  const starts =
    months === 1
      ? rows.map(({ month }) => month)
      : rows.flatMap(({ month }) => [quarterOf(month, 1), quarterOf(month, fiscalStart)]);
  return [...new Set(starts)]
    .filter((start) => afterMonths(start, months) <= watermark)
    .sort((a, b) => a - b);
}

async function closedBefore(
  client: ClickHouseClient,
  database: string,
  { name }: List,
  start: number,
): Promise<{ sums: PeriodSums; rule: number } | null> {
  const [row] = await select<PeriodSums & { rule: number }>(
    client,
    `SELECT toString(bytes) AS bytes, toString(packets) AS packets, toString(flow_records) AS records, toString(signature) AS signature, rule FROM ${database}.closed_months
     WHERE table_name = {table:String} AND toUnixTimestamp(month) = {month:UInt32} ORDER BY closed_at DESC LIMIT 1`,
    { table: name, month: start },
  );
  if (row === undefined) return null;
  const { rule, ...sums } = row;
  return { sums, rule };
}

async function note(
  client: ClickHouseClient,
  database: string,
  { name, rule }: List,
  month: number,
  { bytes, packets, records, signature }: PeriodSums,
): Promise<void> {
  await client.insert({
    table: `${database}.closed_months`,
    format: 'JSONEachRow',
    values: [
      {
        table_name: name,
        month,
        bytes,
        packets,
        flow_records: records,
        signature,
        rule,
        closed_at: (Date.now() / 1000).toFixed(3),
      },
    ],
    clickhouse_settings: { async_insert: 0 },
  });
}
