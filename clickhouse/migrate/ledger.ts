import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { MigrationError } from '@/lib/server/migrationError';
import type { MigrationRow } from './plan';
import { engineEverywhere, onCluster, quoted } from './render';
import type { MigrationTarget } from './target';

const rowSchema = z.object({
  number: z.number(),
  name: z.string(),
  checksum: z.string(),
  statements: z.number(),
  done: z.array(z.string()),
  state: z.enum(['running', 'applied']),
});

/** Engines whose tables can be exchanged and replaced in one step, which loading and repairing rely on. */
const usableEngines = ['Atomic', 'Replicated', 'Shared'];

/**
 * Makes the database and the table that remembers migrations.
 * @throws MigrationError where the database exists with an engine that cannot exchange tables
 */
export async function prepareLedger(client: ClickHouseClient, target: MigrationTarget): Promise<void> {
  await client.command({
    query: `CREATE DATABASE IF NOT EXISTS ${target.database} ${onCluster(target)} ENGINE = Atomic`,
  });
  const engine = await databaseEngine(client, target);
  if (engine !== null && !usableEngines.includes(engine)) {
    throw new MigrationError([
      {
        code: 'bad_database',
        migration: null,
        message: `The database ${target.database} has the engine ${engine}, which cannot exchange tables in one step.`,
        fix: `use another name (CLICKHOUSE_DATABASE), or drop it and let "npm run migrate" create it with ENGINE = Atomic.`,
      },
    ]);
  }
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS ${target.database}.schema_migrations ${onCluster(target)}
      (
        number     UInt32,
        name       String COMMENT 'file name without .sql',
        checksum   String COMMENT 'SHA-256 (hex) of the file before its marks are expanded',
        statements UInt32 COMMENT 'statements of the file',
        done       Array(String) COMMENT 'SHA-256 (hex) of each statement that has run, in order',
        state      Enum8('running' = 1, 'applied' = 2),
        at         DateTime64(3, 'UTC'),
        version    UInt64 COMMENT 'greatest wins; nanoseconds since 1970'
      )
      ENGINE = ${engineEverywhere(target, 'ReplacingMergeTree', 'schema_migrations', 'version')}
      ORDER BY number`,
  });
}

/** What the database remembers, by number; empty where nothing was ever migrated. */
export async function readLedger(client: ClickHouseClient, target: MigrationTarget): Promise<MigrationRow[]> {
  if ((await databaseEngine(client, target)) === null) return [];
  const exists = await client.query({
    query: 'SELECT count() AS n FROM system.tables WHERE database = {db:String} AND name = {table:String}',
    query_params: { db: target.database, table: 'schema_migrations' },
    format: 'JSONEachRow',
  });
  const [found] = z.array(z.object({ n: z.coerce.number() })).parse(await exists.json());
  if (found?.n !== 1) return [];
  const result = await client.query({
    query: `SELECT number, name, checksum, statements, done, state FROM ${target.database}.schema_migrations FINAL ORDER BY number`,
    format: 'JSONEachRow',
  });
  return z.array(rowSchema).parse(await result.json());
}

/** Writes down how far a migration has come; the last row of a number counts. */
export async function writeLedger(
  client: ClickHouseClient,
  target: MigrationTarget,
  row: MigrationRow,
): Promise<void> {
  const done = row.done.map(quoted).join(', ');
  await client.command({
    query: `INSERT INTO ${target.database}.schema_migrations
      SELECT ${row.number}, ${quoted(row.name)}, ${quoted(row.checksum)}, ${row.statements}, [${done}]::Array(String), ${quoted(row.state)}, now64(3, 'UTC'), toUnixTimestamp64Nano(now64(9))`,
  });
}

async function databaseEngine(client: ClickHouseClient, target: MigrationTarget): Promise<string | null> {
  const result = await client.query({
    query: 'SELECT engine FROM system.databases WHERE name = {db:String}',
    query_params: { db: target.database },
    format: 'JSONEachRow',
  });
  const [row] = z.array(z.object({ engine: z.string() })).parse(await result.json());
  return row?.engine ?? null;
}
