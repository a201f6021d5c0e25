import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MigrationError } from '@/lib/server/migrationError';
import { startTestDatabase, type TestDatabase } from '../testing/testDatabase';
import { migrationsDirectory } from './files';
import { createPostgresMigration, migratePostgres, postgresMigrationStatus } from './index';

let server: TestDatabase;
let directory: string;
let databaseUrl: string;
let databases = 0;

beforeAll(async () => {
  server = await startTestDatabase({ migrated: false });
});
afterAll(() => server.stop());

// A folder and a database for each test: none sees what another left.
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-migrations-'));
  databases += 1;
  await sql(`CREATE DATABASE migrate_${databases}`, server.databaseUrl);
  const url = new URL(server.databaseUrl);
  url.pathname = `/migrate_${databases}`;
  databaseUrl = url.href;
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function sql(text: string, url = databaseUrl): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
const write = async (name: string, text: string) => {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), text);
};
const migrate = (log?: (line: string) => void) =>
  migratePostgres(databaseUrl, log ? { directory, log } : { directory });
const problemOf = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error instanceof MigrationError ? error.problems[0] : undefined;
};
const tables = async () =>
  (
    await sql(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename != '_prisma_migrations' ORDER BY 1`,
    )
  ).map((row) => row.tablename);

test('a fresh database gets every shipped migration with rows as Prisma writes them, and a second run changes nothing', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  const { applied } = await migrate();
  expect(applied).toContain('20261122190000_people');
  const before = await sql('SELECT * FROM _prisma_migrations ORDER BY migration_name');
  expect(before[0]).toMatchObject({
    migration_name: applied[0],
    applied_steps_count: 1,
    rolled_back_at: null,
  });
  expect(before[0]?.finished_at).toBeInstanceOf(Date);
  expect(await migrate()).toEqual({ applied: [] });
  expect(await sql('SELECT * FROM _prisma_migrations ORDER BY migration_name')).toEqual(before);
  expect(await postgresMigrationStatus(databaseUrl, directory)).toEqual({
    applied,
    pending: [],
    problems: [],
  });
});

test('the shipped migrations make what schema.prisma says', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  expect(await createPostgresMigration(databaseUrl, 'difference', directory)).toBeNull();
});

test('a changed schema becomes a migration that can be applied', async () => {
  const file = await createPostgresMigration(databaseUrl, 'first', directory);
  expect(file).toMatch(/_first\/migration\.sql$/);
  expect((await migrate()).applied).toHaveLength(1);
  expect(await tables()).toEqual([
    'ApiToken',
    'AuditEvent',
    'ClassificationEdit',
    'IngestReceipt',
    'Session',
    'SignInTry',
    'User',
  ]);
});

test('a changed applied file is refused with its fix, and nothing else is applied', async () => {
  await write('1_a', 'CREATE TABLE a (x int);');
  await migrate();
  await write('1_a', 'CREATE TABLE a (x bigint);');
  await write('2_b', 'CREATE TABLE b (x int);');
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'changed', migration: '1_a' });
  expect(problem?.fix).toContain('npm run migrate -- --create');
  expect(await tables()).toEqual(['a']);
});

test('a migration newer than this version is refused with its fix', async () => {
  await write('1_a', 'CREATE TABLE a (x int);');
  await write('9_future', 'CREATE TABLE f (x int);');
  await migrate();
  await rm(join(directory, '9_future'), { recursive: true });
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'newer', migration: '9_future' });
  expect(problem?.fix).toContain('update Weir');
});

test('a failed migration leaves nothing behind, says what PostgreSQL said, and runs once it is mended', async () => {
  await write('1_a', `CREATE TABLE a (x int); INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES ('a;b');`);
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'statement_failed' });
  expect(problem?.message).toContain('relation "nowhere" does not exist');
  expect(await tables()).toEqual([]);

  await write('1_a', `CREATE TABLE a (x text); INSERT INTO a VALUES ('a;b');`);
  const lines: string[] = [];
  expect(await migrate((line) => lines.push(line))).toEqual({ applied: ['1_a'] });
  expect(lines[0]).toContain('cut short; nothing of it had been kept');
  expect(await sql('SELECT x FROM a')).toEqual([{ x: 'a;b' }]);
});

test('a half-applied migration that steps out of its transaction is refused with its fix', async () => {
  await write('1_a', 'CREATE TABLE a (x int);');
  await migrate();
  await write('2_b', 'COMMIT; CREATE TABLE b (x int); COMMIT; CREATE TABLE nonsense (x nothing);');
  await problemOf(migrate());
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'half_applied', migration: '2_b' });
  expect(problem?.fix).toContain('undo by hand');
});

test('of several runs at once one works and the others find it done', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  const runs = await Promise.all([migrate(), migrate(), migrate()]);
  expect(runs.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
});

test('a database that does not exist, and a server that does not answer, are named', async () => {
  const missing = new URL(databaseUrl);
  missing.pathname = '/nowhere';
  expect(await problemOf(migratePostgres(missing.href, { directory }))).toMatchObject({
    code: 'bad_database',
    message: expect.stringContaining('has no database "nowhere"'),
  });
  const problem = await problemOf(migratePostgres('postgresql://weir@127.0.0.1:1/weir', { directory }));
  expect(problem?.message).toContain('127.0.0.1:1 cannot be reached');
});
