import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { MigrationError, type MigrationProblem } from '@/lib/server/migrationError';
import type { MigrationTarget } from './target';

/**
 * Runs something as the account that owns the schema.
 * @throws MigrationError in place of every error of the server or of the connection, with its fix and without passwords
 */
export async function asOwner<T>(
  target: MigrationTarget,
  run: (client: ClickHouseClient) => Promise<T>,
): Promise<T> {
  const client = ownerClient(target);
  try {
    return await run(client);
  } catch (error) {
    if (error instanceof MigrationError) throw error;
    throw new MigrationError([unusable(target, error)]);
  } finally {
    await client.close();
  }
}

/** What an error says, cut short and without passwords: ClickHouse repeats parts of a statement in some. */
export function reasonOf(error: unknown, target: MigrationTarget): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return [target.dictionary.password, target.owner.password]
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '[hidden]'), text)
    .slice(0, 600);
}

function ownerClient(target: MigrationTarget): ClickHouseClient {
  return createClient({
    url: target.url,
    username: target.owner.user,
    password: target.owner.password,
    application: 'weir-migrate',
    // Its own log would print failed statements, and with them the dictionaries' password.
    log: { level: ClickHouseLogLevel.OFF },
    // Statements over a cluster wait for every node.
    request_timeout: 300_000,
    clickhouse_settings: {
      wait_end_of_query: 1,
      // A proxy between us and the server must not take a long statement for a dead connection.
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: '10000',
    },
  });
}

function unusable(target: MigrationTarget, error: unknown): MigrationProblem {
  const { user } = target.owner;
  const problem = (message: string, fix: string): MigrationProblem => ({
    code: 'bad_database',
    migration: null,
    message: `${message}: ${reasonOf(error, target)}`,
    fix: `${fix}, and run "npm run migrate" again; it goes on where it stopped.`,
  });
  if (!(error instanceof ClickHouseError)) {
    return problem(
      `ClickHouse at ${target.url} does not answer`,
      'start the server, or correct CLICKHOUSE_URL',
    );
  }
  if (error.type === 'AUTHENTICATION_FAILED') {
    return problem(
      `ClickHouse at ${target.url} does not let the account "${user}" in`,
      'correct CLICKHOUSE_OWNER_USER and CLICKHOUSE_OWNER_PASSWORD',
    );
  }
  return problem(
    `ClickHouse at ${target.url} refused a statement of the account "${user}"`,
    'remove the cause (a right that the account lacks, disk space)',
  );
}
