import 'server-only';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';

export type Role = 'owner' | 'ingest' | 'reader';

/** Opens a client of the target as one of its users. Close it when done. */
export function connect(target: ClickHouseTarget, role: Role): ClickHouseClient {
  const { user, password } = target[role];
  return createClient({
    url: target.url,
    username: user,
    password,
    database: target.database,
    // A rebuild of a large partition answers only when it is done.
    request_timeout: role === 'owner' ? 3_600_000 : 300_000,
    max_open_connections: 8,
    compression: { request: false, response: false },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
}

/** Name of the table that holds the data on one node: `flows` there, `flows_local` in a cluster. */
export function localTable(target: ClickHouseTarget, table: string): string {
  return `${target.database}.${target.cluster === null ? table : `${table}_local`}`;
}

/** Rows of a SELECT; 64-bit integers come as decimal strings. */
export async function select<T>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown> = {},
  settings: Record<string, string | number> = {},
): Promise<T[]> {
  const result = await client.query({
    query,
    query_params: params,
    format: 'JSONEachRow',
    clickhouse_settings: settings,
  });
  return result.json<T>();
}
