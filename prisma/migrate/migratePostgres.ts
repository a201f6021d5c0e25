import type { MigrationList, SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';
import { Client } from 'pg';
import { MigrationError, type MigrationProblem, type MigrationStatus } from '@/lib/server/migrationError';
import { migrationsDirectory, readMigrationList } from './files';
import { planPostgres, readHistory } from './history';
import { openSchemaEngine } from './schemaEngine';

export interface PostgresMigrateOptions {
  /** Folder of `<time>_name/migration.sql`; the product's own by default. */
  directory?: string;
  /** Called with a line for people for each thing done. */
  log?: (line: string) => void;
}

/** Prisma's own table is looked after by Prisma; nothing else in the database is foreign. */
export const noFilters: SchemaFilter = { externalTables: [], externalEnums: [] };

/** Any number that nobody else locks; the same for every version of Weir. */
const advisoryLock = 7_230_114;

/**
 * Brings the PostgreSQL database up to date and writes the rows of `_prisma_migrations` that `prisma migrate deploy`
 * would write. Running it again changes nothing; of several at once, one works and the others wait.
 *
 * @returns the names of the migrations applied now, in order
 * @throws MigrationError with the fix: no such database, a file changed after it was applied, a migration this version
 *   does not know, one that failed half way outside of a transaction, a statement that failed
 */
export async function migratePostgres(
  databaseUrl: string,
  options: PostgresMigrateOptions = {},
): Promise<{ applied: string[] }> {
  const log = options.log ?? (() => {});
  const list = await readMigrationList(options.directory ?? migrationsDirectory);
  return withConnection(databaseUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    const plan = planPostgres(list, await readHistory(client));
    if (plan.problems.length > 0) throw new MigrationError(plan.problems);
    if (plan.pending.length === 0) return { applied: [] };

    const { engine, lastScriptError, close } = await openSchemaEngine(databaseUrl);
    try {
      for (const name of plan.resumed) {
        log(`${name}: an earlier run was cut short; nothing of it had been kept, so it starts again`);
        await engine.markMigrationRolledBack({ migrationName: name });
      }
      const applied = await apply(engine, list, lastScriptError);
      for (const name of applied) log(`${name}: applied`);
      return { applied };
    } finally {
      await close();
    }
  });
}

/** How the database stands against the migration files. Changes nothing. */
export async function postgresMigrationStatus(
  databaseUrl: string,
  directory: string = migrationsDirectory,
): Promise<MigrationStatus> {
  const list = await readMigrationList(directory);
  return withConnection(databaseUrl, async (client) => {
    const { applied, pending, problems } = planPostgres(list, await readHistory(client));
    return { applied, pending, problems };
  });
}

async function apply(
  engine: SchemaEngine,
  list: MigrationList,
  lastError: () => Error | null,
): Promise<string[]> {
  try {
    return (await engine.applyMigrations({ migrationsList: list, filters: noFilters })).appliedMigrationNames;
  } catch (error) {
    const reason = lastError() ?? error;
    throw new MigrationError(
      [
        {
          code: 'statement_failed',
          migration: null,
          message: `A PostgreSQL migration failed and was undone: ${reason instanceof Error ? reason.message : String(reason)}`,
          fix: 'remove the cause (a right the user lacks, rows that break a new rule, a mistake in the newest migration.sql) and run "npm run migrate" again.',
        },
      ],
      { cause: error },
    );
  }
}

async function withConnection<T>(databaseUrl: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'weir-migrate' });
  try {
    await client.connect();
  } catch (error) {
    throw new MigrationError([unreachable(databaseUrl, error)], { cause: error });
  }
  try {
    return await run(client);
  } finally {
    // Ends the lock too.
    await client.end();
  }
}

function unreachable(databaseUrl: string, error: unknown): MigrationProblem {
  const { host, pathname } = new URL(databaseUrl);
  const database = decodeURIComponent(pathname.slice(1));
  const missing = error instanceof Error && 'code' in error && error.code === '3D000';
  return {
    code: 'bad_database',
    migration: null,
    message: missing
      ? `PostgreSQL at ${host} has no database "${database}".`
      : `PostgreSQL at ${host} cannot be reached: ${error instanceof Error ? error.message || error.name : String(error)}`,
    fix: missing
      ? `create it (CREATE DATABASE "${database}"), or name another in DATABASE_URL.`
      : 'start the server, or correct the address, user and password in DATABASE_URL.',
  };
}
