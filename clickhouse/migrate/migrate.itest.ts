import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { migrationsDirectory, readMigrationFiles } from './files';
import { clickhouseMigrationStatus, MigrationError, type MigrationTarget, migrateClickHouse } from './index';
import { renderStatement } from './render';

let engine: TestClickHouse;
/** Without a default database, as the tests make their own. */
let client: ClickHouseClient;
let directory: string;
let target: MigrationTarget;
let databases = 0;

beforeAll(async () => {
  engine = await startTestClickHouse({ migrated: false });
  const { url, owner } = engine.target;
  client = createClient({ url, username: owner.user, password: owner.password });
});
afterAll(async () => {
  await client.close();
  await engine.stop();
});

// A folder and a database for each test: none sees what another left.
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weir-migrations-'));
  databases += 1;
  // The dictionary account may read the reference tables of the database "weir" only.
  target = { ...engine.target, dictionary: engine.target.owner, database: `migrate_${databases}` };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (name: string, sql: string) => writeFile(join(directory, name), sql);
const migrate = (log?: (line: string) => void) =>
  migrateClickHouse(target, log ? { directory, log } : { directory });
const query = async (sql: string) => {
  const result = await client.query({ query: sql, format: 'JSONEachRow' });
  return result.json();
};
const tables = async () =>
  (await query(
    `SELECT name FROM system.tables WHERE database = '${target.database}' AND name != 'schema_migrations' ORDER BY name`,
  )) as {
    name: string;
  }[];
const problemOf = async (run: Promise<unknown>) => {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error instanceof MigrationError ? error.problems[0] : undefined;
};

const table = (name: string) =>
  `CREATE TABLE IF NOT EXISTS {{local ${name}}} {{on_cluster}} (x UInt8) ENGINE = {{engine MergeTree ${name}}} ORDER BY x;\n`;

test('a fresh server gets every shipped migration, in an Atomic database, and a second run changes nothing', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  const { applied } = await migrate();
  expect(applied.slice(0, 5)).toEqual([
    '0001_ledger',
    '0002_reference',
    '0003_flows',
    '0004_traffic',
    '0005_uniques',
  ]);
  expect(await query(`SELECT engine FROM system.databases WHERE name = '${target.database}'`)).toEqual([
    { engine: 'Atomic' },
  ]);
  const before = await query(`SELECT * FROM ${target.database}.schema_migrations FINAL ORDER BY number`);

  expect(await migrate()).toEqual({ applied: [] });
  expect(await query(`SELECT * FROM ${target.database}.schema_migrations FINAL ORDER BY number`)).toEqual(
    before,
  );
  expect(await clickhouseMigrationStatus(target, directory)).toEqual({ applied, pending: [], problems: [] });
});

test('every statement of the shipped migrations can run again', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  await migrate();
  await client.command({ query: `TRUNCATE TABLE ${target.database}.schema_migrations` });
  await expect(migrate()).resolves.toMatchObject({ applied: expect.arrayContaining(['0003_flows']) });
});

test('a database nobody has migrated is all pending, and asking makes nothing', async () => {
  await write('0001_a.sql', table('a'));
  expect(await clickhouseMigrationStatus(target, directory)).toEqual({
    applied: [],
    pending: ['0001_a'],
    problems: [],
  });
  expect(await query(`SELECT name FROM system.databases WHERE name = '${target.database}'`)).toEqual([]);
});

test('a changed applied file is refused with its fix, and nothing else is applied', async () => {
  await write('0001_a.sql', table('a'));
  await migrate();
  await write('0001_a.sql', `${table('a')}-- a remark\n`);
  await write('0002_b.sql', table('b'));
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'changed', migration: '0001_a' });
  expect(problem?.fix).toContain('put the change into a new migration');
  expect(await tables()).toEqual([{ name: 'a' }]);
  expect((await clickhouseMigrationStatus(target, directory)).problems).toMatchObject([{ code: 'changed' }]);
});

test('a migration newer than this version is refused with its fix', async () => {
  await write('0001_a.sql', table('a'));
  await write('0007_future.sql', table('f'));
  await migrate();
  await rm(join(directory, '0007_future.sql'));
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'newer', migration: '0007_future' });
  expect(problem?.fix).toContain('update Weir');
});

test('a failed statement is named without the passwords, and the run goes on there once it is mended', async () => {
  const source = `CREATE DICTIONARY IF NOT EXISTS {{db}}.d (x UInt64, y String) PRIMARY KEY {{source SELECT 1 AS x}} LAYOUT(FLAT()) LIFETIME(0);`;
  await write('0001_a.sql', `${table('a')}${source}\n${table('b')}`);
  const problem = await problemOf(migrate());
  expect(problem).toMatchObject({ code: 'statement_failed', migration: '0001_a' });
  expect(problem?.message).toContain('Statement 2 of 3');
  expect(problem?.message).not.toContain(target.dictionary.password);
  expect((await clickhouseMigrationStatus(target, directory)).pending).toEqual(['0001_a']);

  await write('0001_a.sql', `${table('a')}${table('mended')}${table('b')}`);
  const lines: string[] = [];
  expect(await migrate((line) => lines.push(line))).toEqual({ applied: ['0001_a'] });
  expect(lines[0]).toContain('cut short after 1 of 3 statements');
  expect(await tables()).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'mended' }]);
});

test('a server killed in the middle of a migration is migrated on after its restart', async () => {
  await write(
    '0001_a.sql',
    `${table('a')}${table('b')}SELECT sleepEachRow(3) FROM numbers(20) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0;\n${table('c')}`,
  );
  const run = migrate().catch((error: unknown) => error);
  const running = () =>
    query(`SELECT 1 AS yes FROM system.processes WHERE query LIKE 'SELECT sleepEachRow%'`);
  await expect.poll(running, { timeout: 60_000 }).toEqual([{ yes: 1 }]);
  engine.engine().kill('SIGKILL');
  expect(await run).toBeInstanceOf(MigrationError);
  await engine.restart();

  // The long statement has not run, so it may still be changed.
  await write('0001_a.sql', `${table('a')}${table('b')}SELECT 1;\n${table('c')}`);
  expect(await migrate()).toEqual({ applied: ['0001_a'] });
  expect(await tables()).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
});

test('a half-applied migration whose part that ran was changed is refused, and --again runs all of it', async () => {
  await write('0001_a.sql', `${table('a')}CREATE TABLE nonsense;`);
  await problemOf(migrate());
  await write('0001_a.sql', `${table('other')}${table('b')}`);
  expect(await problemOf(migrate())).toMatchObject({ code: 'changed_half_applied', migration: '0001_a' });
  expect(await migrateClickHouse(target, { directory, again: [1] })).toEqual({ applied: ['0001_a'] });
  expect(await tables()).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'other' }]);
});

test('several runs at once end with the same database', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  await Promise.all([migrate(), migrate(), migrate()]);
  expect(await clickhouseMigrationStatus(target, directory)).toMatchObject({ pending: [], problems: [] });
});

test('a database with an engine that cannot exchange tables is refused', async () => {
  await client.command({ query: `CREATE DATABASE ${target.database} ENGINE = Memory` });
  await write('0001_a.sql', table('a'));
  expect(await problemOf(migrate())).toMatchObject({ code: 'bad_database' });
});

test('a changed account of the dictionaries is taken over, and one that may not read is named', async () => {
  await cp(migrationsDirectory, directory, { recursive: true });
  await migrate();
  await client.command({
    query: `INSERT INTO ${target.database}.reference_versions VALUES ('geo', 4, now())`,
  });
  const wrong = { ...target, dictionary: { ...target.dictionary, password: 'an older one' } };
  const statement = (await readMigrationFiles(directory))
    .flatMap((file) => file.statements)
    .find((text) => text.includes('reference_version_dict'))
    ?.replace('CREATE DICTIONARY IF NOT EXISTS', 'CREATE OR REPLACE DICTIONARY');
  const changeAccount = () => client.command({ query: renderStatement(statement ?? '', wrong) });
  const version = () =>
    query(`SELECT dictGet('${target.database}.reference_version_dict', 'version', tuple('geo')) AS version`);

  await changeAccount();
  await expect(version()).rejects.toThrow();
  const lines: string[] = [];
  await migrate((line) => lines.push(line));
  expect(lines).toEqual(['dictionaries: made anew, as the account that they read with has changed']);
  expect(await version()).toEqual([{ version: 4 }]);

  await changeAccount();
  const problem = await problemOf(migrateClickHouse(wrong, { directory }));
  expect(problem).toMatchObject({ code: 'dictionary_account' });
  expect(problem?.fix).toContain('CLICKHOUSE_DICTIONARY_PASSWORD');
});

test('a server that does not answer, and an account that it does not let in, are named with the variable to correct', async () => {
  await write('0001_a.sql', table('a'));
  const away = { ...target, url: 'http://127.0.0.1:1' };
  expect((await problemOf(migrateClickHouse(away, { directory })))?.fix).toContain('CLICKHOUSE_URL');
  expect((await problemOf(clickhouseMigrationStatus(away, directory)))?.message).toContain(
    'http://127.0.0.1:1 does not answer',
  );
  const stranger = { ...target, owner: { user: 'owner', password: 'nonsense' } };
  const problem = await problemOf(migrateClickHouse(stranger, { directory }));
  expect(problem?.fix).toContain('CLICKHOUSE_OWNER_PASSWORD');
  expect(problem?.message).not.toContain('nonsense');
});

test('misnamed files and a number used twice are refused before anything is applied', async () => {
  await write('0001_a.sql', table('a'));
  await write('0001_b.sql', table('b'));
  await write('new.sql', table('c'));
  const error = await migrate().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MigrationError);
  expect(String(error)).toMatch(
    /0001_b\.sql has the same number as 0001_a\.sql[\s\S]*new\.sql is not named NNNN_name\.sql/,
  );
  expect(await query(`SELECT name FROM system.databases WHERE name = '${target.database}'`)).toEqual([]);
});
