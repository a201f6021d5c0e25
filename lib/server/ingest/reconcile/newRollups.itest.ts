import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateClickHouse } from '@/clickhouse/migrate';
import { migrationsDirectory } from '@/clickhouse/migrate/files';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { mendGeo } from '@/lib/server/reference/geo/mendGeo';
import { insertFlows, loadReference } from '../../queries/testing/loadFlows';
import { randomFlows } from '../../queries/testing/randomFlows';
import { placeRollups } from './placeRollups';
import { reconcile } from './reconcile';
import { unfilledRollups } from './rollupStarts';

// A database of an earlier version with data in it, whose address table comes later still.

let engine: TestClickHouse;
let spool: string;
const FIRST_OF_NEW = 70;
const from = Date.parse('2026-10-30T00:00:00Z');
const flows = randomFlows(5, 1_500, from, from + 3 * 86_400_000);

const rows = async <Row>(query: string): Promise<Row[]> =>
  (await engine.owner.query({ query, format: 'JSONEachRow' })).json<Row>();
const targets = () => ({ clickhouse: engine.target, databaseUrl: '' });

beforeAll(async () => {
  engine = await startTestClickHouse({ migrated: false });
  spool = await mkdtemp(join(tmpdir(), 'weir-spool-'));
  const old = await mkdtemp(join(tmpdir(), 'weir-migrations-'));
  for (const name of await readdir(migrationsDirectory)) {
    if (Number(name.slice(0, 4)) < FIRST_OF_NEW) await cp(join(migrationsDirectory, name), join(old, name));
  }
  await migrateClickHouse(engine.target, { directory: old });
  await rm(old, { recursive: true });
  await loadReference(engine.owner);
  await engine.owner.command({
    query: 'CREATE TABLE geo_later AS geo_prefixes ENGINE = MergeTree ORDER BY prefix',
  });
  await engine.owner.command({ query: 'EXCHANGE TABLES geo_later AND geo_prefixes' });
  await engine.owner.command({ query: 'SYSTEM RELOAD DICTIONARIES' });
  await insertFlows(engine.owner, flows);
});

afterAll(async () => {
  await engine?.stop();
  if (spool) await rm(spool, { recursive: true, force: true });
});

const startsOf = () =>
  rows<{ since: number }>(
    `SELECT DISTINCT toUnixTimestamp(argMax(complete_from, set_at)) AS since FROM rollup_starts GROUP BY table_name`,
  );

const sums = (source: string) =>
  rows(
    `SELECT region, toString(sum(bytes)) AS b, toString(sum(packets)) AS p FROM (SELECT region, bytes, packets FROM ${source}) GROUP BY region ORDER BY region`,
  );

const NEW = [
  'types_5m',
  'traffic_1d',
  'links_1h',
  'asns_1h',
  'places_1d',
  'services_1d',
  'endpoints_1d',
  'pairs_1d',
  'uniques_10d',
  'uniques_asn_1mo',
];

test('rollups that come to a database with data begin tomorrow, until reconcile has made them from the past', async () => {
  await migrateClickHouse(engine.target);
  const begun = await startsOf();
  expect(begun).toHaveLength(1);
  expect(begun[0]?.since).toBeGreaterThan(Date.now() / 1000);
  expect(await unfilledRollups(engine.owner, 'weir')).toEqual(expect.arrayContaining(NEW));
  expect(await rows('SELECT count() AS n FROM asns_1h')).toEqual([{ n: 0 }]);

  const report = await reconcile(targets(), { scope: 'all', spool });
  expect(report.ok).toBe(true);
  expect(report.rollups.map(({ rollup }) => rollup)).toEqual(expect.arrayContaining(NEW));
  const expected = await sums('flows WHERE counted = 1');
  expect(expected).toHaveLength(3);
  for (const table of NEW.filter((name) => name !== 'types_5m'))
    expect([table, await sums(table)]).toEqual([table, expected]);
  expect(await startsOf()).toEqual([{ since: 0 }]);
  expect(await unfilledRollups(engine.owner, 'weir')).toEqual([]);
});

test('records that get a place later get it in every rollup, and nothing else changes', async () => {
  const byCountry = (source: string) =>
    rows(
      `SELECT country, metro, toString(sum(bytes)) AS b FROM (SELECT country, metro, bytes FROM ${source}) GROUP BY country, metro ORDER BY country, metro`,
    );
  const tables = ['places_1h', 'places_1d', 'endpoints_1d', 'uniques_place_1mo'];
  expect(await byCountry('places_1d')).toHaveLength(1);
  await engine.owner.command({ query: 'EXCHANGE TABLES geo_later AND geo_prefixes' });
  await engine.owner.insert({
    table: 'reference_loads',
    format: 'JSONEachRow',
    values: [{ name: 'geo', version: 1, source_hash: 'x', rows: 1, detail: '{}', loaded_at: 1 }],
  });
  await engine.owner.command({ query: 'SYSTEM RELOAD DICTIONARIES' });
  await mendGeo(engine.target);

  const { days } = await placeRollups(targets());
  expect(days).toBeGreaterThanOrEqual(3);
  const expected = await byCountry('flows WHERE counted = 1');
  expect(expected.length).toBeGreaterThan(3);
  for (const table of tables) expect([table, await byCountry(table)]).toEqual([table, expected]);
  expect(await placeRollups(targets())).toEqual({ days: 0, partitions: 0 });
  expect(await reconcile(targets(), { scope: 'all', spool })).toMatchObject({ rollups: [], ok: true });
});
