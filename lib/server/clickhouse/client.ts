import 'server-only';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { type ClickHouseTarget, clickhouseFromEnv } from '@/lib/server/env';

interface Reader {
  client: ClickHouseClient;
  target: ClickHouseTarget;
}

// Kept on globalThis, because a development server loads modules anew and would leave connections behind.
const KEY = Symbol.for('weir.clickhouse.reader');
const store = globalThis as { [KEY]?: Reader };

/**
 * The client of the read-only account: the only one that answers questions.
 * @throws EnvError where the environment names no ClickHouse
 */
export function reader(): Reader {
  const known = store[KEY];
  if (known) return known;
  const target = clickhouseFromEnv();
  const made: Reader = {
    target,
    client: createClient({
      url: target.url,
      username: target.reader.user,
      password: target.reader.password,
      database: target.database,
      application: 'weir',
      max_open_connections: 32,
      // Longer than a query may run (execute.ts), so that it is the server that ends a query and says why.
      request_timeout: 60_000,
      use_multipart_params_auto: true,
      // Failures are explained and logged where they end; the client would print each try of each.
      log: { level: ClickHouseLogLevel.OFF },
      keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    }),
  };
  store[KEY] = made;
  return made;
}

/** Closes connections; the next question reads the environment again. */
export async function closeReader(): Promise<void> {
  const known = store[KEY];
  delete store[KEY];
  await known?.client.close();
}
