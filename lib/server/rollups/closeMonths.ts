import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { connect, localTable, select } from '@/lib/server/ingest/connect';
import { startOf } from '@/lib/server/ingest/reconcile/days';
import { keptSince } from '@/lib/server/ingest/reconcile/retention';
import { readRollupStarts } from '@/lib/server/ingest/reconcile/rollupStarts';
import {
  CLOSING_RULE,
  closeMonth,
  HEAVY_TABLES,
  type HeavyTable,
  type MonthSums,
  sumsOfMonth,
} from './closeMonth';

export interface ClosedMonth {
  table: HeavyTable['name'];
  /** `2026-10` */
  month: string;
  /** false: closed before, and made again because records came later or months are closed differently now */
  first: boolean;
}

export interface CloseReport {
  closed: ClosedMonth[];
  /** Months that are over and cannot be closed, and why. */
  left: string[];
}

/**
 * Writes the heavy hitters of every UTC month that is over: the watermark has passed its end, so everything has arrived as far as anybody can
 * know. A month whose days still stand is made again where they have got more records since or where it was closed by an older rule. Months of which single days are gone stay as they are,
 * and so do months that never could be closed, which are named. Running it again changes nothing.
 *
 * @param watermark epoch seconds; null = nothing has ever arrived
 */
export async function closeMonths(
  target: ClickHouseTarget,
  watermark: number | null,
  { onStep, signal }: { onStep?: (text: string) => void; signal?: AbortSignal | undefined } = {},
): Promise<CloseReport> {
  const report: CloseReport = { closed: [], left: [] };
  if (watermark === null) return report;
  const client = connect(target, 'owner');
  try {
    const starts = await readRollupStarts(client, target);
    for (const table of HEAVY_TABLES) {
      const source = localTable(target, table.source);
      const kept = await keptSince(client, target.database, source.slice(target.database.length + 1));
      const since = Math.max(kept, starts.get(source) ?? 0);
      const complete = since === 0 ? 0 : startOf(since) / 1000;
      for (const month of await monthsOver(client, target, table, watermark)) {
        signal?.throwIfAborted();
        const before = await closedBefore(client, target.database, table, month);
        const name = new Date(month * 1000).toISOString().slice(0, 7);
        if (month < complete) {
          if (before === null)
            report.left.push(
              `${table.name} of ${name}: ${table.source} is complete only from ${new Date(complete * 1000).toISOString().slice(0, 10)} on`,
            );
          continue;
        }
        const now = await sumsOfMonth(client, `${target.database}.${table.source}`, month);
        if (before?.rule === CLOSING_RULE && JSON.stringify(before.sums) === JSON.stringify(now)) continue;
        onStep?.(`closing ${name}: ${table.name}`);
        await note(
          client,
          target.database,
          table,
          month,
          await closeMonth(client, target.database, table, month),
        );
        report.closed.push({ table: table.name, month: name, first: before === null });
      }
    }
    return report;
  } finally {
    await client.close();
  }
}

async function monthsOver(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  table: HeavyTable,
  watermark: number,
): Promise<number[]> {
  const rows = await select<{ month: number }>(
    client,
    `SELECT DISTINCT toUnixTimestamp(toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC')) AS month FROM ${target.database}.${table.source}
     WHERE toUnixTimestamp(toDateTime(addMonths(toStartOfMonth(bucket, 'UTC'), 1), 'UTC')) <= {watermark:UInt32} ORDER BY month`,
    { watermark },
  );
  return rows.map(({ month }) => month);
}

async function closedBefore(
  client: ClickHouseClient,
  database: string,
  table: HeavyTable,
  month: number,
): Promise<{ sums: MonthSums; rule: number } | null> {
  const [row] = await select<MonthSums & { rule: number }>(
    client,
    `SELECT toString(bytes) AS bytes, toString(packets) AS packets, toString(flow_records) AS records, toString(signature) AS signature, rule FROM ${database}.closed_months
     WHERE table_name = {table:String} AND toUnixTimestamp(month) = {month:UInt32} ORDER BY closed_at DESC LIMIT 1`,
    { table: table.name, month },
  );
  if (row === undefined) return null;
  const { rule, ...sums } = row;
  return { sums, rule };
}

async function note(
  client: ClickHouseClient,
  database: string,
  table: HeavyTable,
  month: number,
  { bytes, packets, records, signature }: MonthSums,
): Promise<void> {
  await client.insert({
    table: `${database}.closed_months`,
    format: 'JSONEachRow',
    values: [
      {
        table_name: table.name,
        month,
        bytes,
        packets,
        flow_records: records,
        signature,
        rule: CLOSING_RULE,
        closed_at: (Date.now() / 1000).toFixed(3),
      },
    ],
    clickhouse_settings: { async_insert: 0 },
  });
}
