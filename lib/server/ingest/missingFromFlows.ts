import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from './connect';
import type { LedgerBatch } from './ledger';
import { withRetry } from './retry';

/**
 * Batches of which flows does not have every row although the server took them. It takes a token that it has seen as a promise
 * that the rows are there; they are not when somebody emptied tables or restored an older copy.
 */
export async function missingFromFlows(
  client: ClickHouseClient,
  database: string,
  sent: LedgerBatch[],
  retryMs: number,
): Promise<LedgerBatch[]> {
  const expected = sent.filter((batch) => batch.accepted > 0);
  const missing: LedgerBatch[] = [];
  for (let at = 0; at < expected.length; at += 1000) {
    const some = expected.slice(at, at + 1000);
    const rows = await withRetry(
      () =>
        select<{ key: string; rows: string }>(
          client,
          `SELECT batch_key AS key, count() AS rows FROM ${database}.flows
           WHERE batch_key IN {keys:Array(UInt64)} AND ts_start >= fromUnixTimestamp64Milli({from:Int64})
             AND ts_start <= fromUnixTimestamp64Milli({to:Int64}) GROUP BY batch_key`,
          {
            keys: some.map(({ key }) => key),
            from: Math.min(...some.map(({ firstStartMs }) => firstStartMs)),
            to: Math.max(...some.map(({ lastEndMs }) => lastEndMs)),
          },
        ),
      { forMs: retryMs },
    );
    const stored = new Map(rows.map((row) => [row.key, Number(row.rows)]));
    missing.push(...some.filter((batch) => stored.get(batch.key.toString()) !== batch.accepted));
  }
  return missing;
}
