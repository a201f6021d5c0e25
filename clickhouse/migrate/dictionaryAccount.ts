import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '@/lib/server/migrationError';
import { reasonOf } from './asOwner';
import type { MigrationFile } from './files';
import { renderStatement } from './render';
import type { MigrationTarget } from './target';

/** The smallest of the dictionaries; all of them read as the same account. */
const probed = 'reference_version_dict';

/**
 * A dictionary keeps the name and password with which it was created, and every record that comes in needs it. So each run
 * of the migrations lets one dictionary read, and makes all of them anew where the account has changed since.
 *
 * @throws MigrationError where the account that is configured cannot read either
 */
export async function ensureDictionaryAccount(
  client: ClickHouseClient,
  target: MigrationTarget,
  files: readonly MigrationFile[],
  log: (line: string) => void,
): Promise<void> {
  const before = await probe(client, target);
  if (before === null) return;
  for (const statement of files.flatMap((file) => file.statements)) {
    const create = /^CREATE DICTIONARY (?:IF NOT EXISTS )?/;
    if (!create.test(statement)) continue;
    const query = renderStatement(statement.replace(create, 'CREATE OR REPLACE DICTIONARY '), target);
    await client.command({ query });
  }
  const after = await probe(client, target);
  if (after !== null) throw unreadable(target, after);
  log('dictionaries: made anew, as the account that they read with has changed');
}

/** What the server says when a dictionary reads its table, or null where that works (or there is none yet). */
async function probe(client: ClickHouseClient, target: MigrationTarget): Promise<string | null> {
  const found = await client.query({
    query: 'SELECT name FROM system.dictionaries WHERE database = {db:String} AND name = {name:String}',
    query_params: { db: target.database, name: probed },
    format: 'JSONEachRow',
  });
  if ((await found.json()).length === 0) return null;
  try {
    await client.command({ query: `SYSTEM RELOAD DICTIONARY ${target.database}.${probed}` });
    return null;
  } catch (error) {
    return reasonOf(error, target);
  }
}

function unreadable(target: MigrationTarget, reason: string): MigrationError {
  const { user } = target.dictionary;
  return new MigrationError([
    {
      code: 'dictionary_account',
      migration: null,
      message: `The ClickHouse account "${user}" cannot read the reference tables of ${target.database}, so no record could be enriched: ${reason}`,
      fix: `correct CLICKHOUSE_DICTIONARY_USER and CLICKHOUSE_DICTIONARY_PASSWORD, or allow it (GRANT SELECT ON ${target.database}.* TO ${user}), and run "npm run migrate" again.`,
    },
  ]);
}
