import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../connect';
import { dayOf } from '../encodeRow';

/**
 * First UTC day (YYYYMMDD) of which a table still keeps everything, 0 where it keeps for ever. Taken from the table's own TTL, so it
 * is right whoever set the retention.
 */
export async function keptSince(client: ClickHouseClient, database: string, table: string): Promise<number> {
  const [row] = await select<{ query: string }>(
    client,
    'SELECT create_table_query AS query FROM system.tables WHERE database = {database:String} AND name = {table:String}',
    { database, table },
  );
  const ttl = / TTL (.*?)(?: SETTINGS |$)/s.exec(row?.query ?? '')?.[1];
  const interval = /toInterval(Second|Minute|Hour|Day|Week|Month|Quarter|Year)\((\d+)\)/.exec(ttl ?? '');
  if (interval === null) return 0;
  const [limit] = await select<{ ms: string }>(
    client,
    `SELECT toUnixTimestamp64Milli(toDateTime64(now('UTC') - toInterval${interval[1]}(${interval[2]}), 3, 'UTC')) AS ms`,
  );
  // The day in which the limit falls is kept in part only.
  return dayOf(Number(limit?.ms ?? 0) + 86_400_000);
}

/** As keptSince, for a table named with its database. */
export function tableKeptSince(client: ClickHouseClient, name: string): Promise<number> {
  const dot = name.indexOf('.');
  return keptSince(client, name.slice(0, dot), name.slice(dot + 1));
}
