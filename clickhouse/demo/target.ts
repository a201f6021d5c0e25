import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';

/** The part of a configured ClickHouse that the demo needs. A whole `ClickHouseTarget` fits. */
export interface DemoTarget {
  /** HTTP address, for example `http://127.0.0.1:8123`. */
  url: string;
  database: string;
  /** Name of the cluster in `remote_servers`, or null for a single node. */
  cluster: string | null;
  /** Makes the demo's records and its one table of its own. */
  owner: { user: string; password: string };
}

/** Opens a client as the owner. Close it when done. */
export function connectOwner(target: DemoTarget): ClickHouseClient {
  return createClient({
    url: target.url,
    username: target.owner.user,
    password: target.owner.password,
    database: target.database,
    request_timeout: 600_000,
    max_open_connections: 6,
    // Errors are thrown, and whoever catches them says so once.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
}

/** Name of the table that holds the data on one node: `flows` there, `flows_local` in a cluster. */
export function localTable(target: DemoTarget, table: string): string {
  return `${target.database}.${target.cluster === null ? table : `${table}_local`}`;
}

/** Rows of a SELECT; 64-bit integers come as decimal strings. */
export async function select<T>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown> = {},
): Promise<T[]> {
  const result = await client.query({ query, query_params: params, format: 'JSONEachRow' });
  return result.json<T>();
}
