import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';

/** The part of a configured ClickHouse that loading needs; a whole ClickHouseTarget fits. */
export interface ReferenceTarget {
  /** HTTP address, for example http://127.0.0.1:8123 */
  url: string;
  database: string;
  cluster: string | null;
  owner: { user: string; password: string };
}

/** A load of the city table sends 100 MB and waits for the merge of parts and a dictionary of seconds. */
const REQUEST_TIMEOUT_MS = 15 * 60_000;

/**
 * Runs with a client of the owner, closed afterwards.
 * @param signal ends requests under way, which then fail; what they began is done again by the next run
 */
export async function withOwner<T>(
  target: ReferenceTarget,
  run: (client: ClickHouseClient) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const client = createClient({
    url: target.url,
    database: target.database,
    username: target.owner.user,
    password: target.owner.password,
    request_timeout: REQUEST_TIMEOUT_MS,
    // Errors are thrown, and whoever catches them says so once.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      // A row must be there when the insert returns: the table is swapped in right afterwards.
      async_insert: 0,
      // Keeps the connection alive through statements that answer only at their end.
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: '20000',
    },
  });
  const abort = (): void => {
    client.close().catch(() => undefined);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await run(client);
  } catch (error) {
    throw withFix(error, target);
  } finally {
    signal?.removeEventListener('abort', abort);
    await client.close();
  }
}

/** UNKNOWN_TABLE, UNKNOWN_DATABASE */
const NOT_MIGRATED = ['60', '81'];

function withFix(error: unknown, target: ReferenceTarget): unknown {
  if (!(error instanceof ClickHouseError) || !NOT_MIGRATED.includes(error.code)) return error;
  return new Error(
    `Database ${target.database} lacks reference tables (${error.message.trim()}) Run npm run migrate, then npm run reference -- load.`,
    { cause: error },
  );
}

/** ON CLUSTER clause for statements that every node must run; empty on a single node. */
export function onCluster(target: ReferenceTarget): string {
  return target.cluster === null ? '' : `ON CLUSTER ${quoteName(target.cluster)}`;
}

/** An identifier of ours (database, cluster, table) as ClickHouse reads it, whatever characters it has. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** Rows of a SELECT as objects. Values are bound, never written into the text. */
export async function selectRows<T>(
  client: ClickHouseClient,
  query: string,
  parameters: Record<string, unknown> = {},
): Promise<T[]> {
  const result = await client.query({
    query,
    query_params: parameters,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
  return result.json<T>();
}
