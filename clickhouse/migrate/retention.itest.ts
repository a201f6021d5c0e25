import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { applyRetention, parseRetention } from './index';
import { retainedTables } from './retention';

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
});
afterAll(() => engine.stop());

const rows = async (sql: string, client = engine.owner) =>
  (await client.query({ query: sql, format: 'JSONEachRow' })).json<Record<string, string>>();
const apply = (setting: string) => applyRetention(engine.target, parseRetention(setting));
const ttlOf = async (table: string) => {
  const [row] = await rows(
    `SELECT engine_full FROM system.tables WHERE database = 'weir' AND name = '${table}'`,
  );
  return / TTL (.+?) SETTINGS/.exec(row?.engine_full ?? '')?.[1] ?? null;
};

test('a migrated database keeps everything until a retention is set', async () => {
  for (const table of Object.keys(retainedTables)) expect(await ttlOf(table)).toBeNull();
});

test('every rollup of flows has a retention', async () => {
  const views = await rows(
    `SELECT name FROM system.tables WHERE database = 'weir' AND engine = 'MaterializedView' AND name NOT IN ('ingest_keys_mv', 'flows_by_hour_mv')`,
  );
  const targets = views.map(({ name }) => name?.replace(/_mv$/, ''));
  expect(targets.length).toBeGreaterThan(5);
  expect(Object.keys(retainedTables)).toEqual(expect.arrayContaining(targets));
});

test('a retention is set, found set, changed, and taken away again', async () => {
  expect((await apply('')).changed).toContain('flows');
  expect(await ttlOf('flows')).toBe('toDateTime(ts_start) + toIntervalDay(35)');
  expect(await ttlOf('uniques_1mo')).toBeNull();
  expect((await apply('')).changed).toEqual([]);
  expect((await apply('traffic_5m=2y')).changed).toEqual(['traffic_5m']);
  expect(await ttlOf('traffic_5m')).toBe('bucket + toIntervalDay(730)');
  await apply('all=keep');
  expect(await ttlOf('flows')).toBeNull();
});

test('the dashboard can read what was set, 0 for ever', async () => {
  await apply('flows=9d,traffic_1h=keep');
  const set = await rows(
    `SELECT table_name, argMax(keep_days, set_at) AS days FROM weir.retention GROUP BY table_name HAVING table_name IN ('flows', 'traffic_1h') ORDER BY table_name`,
    engine.client('reader'),
  );
  expect(set).toEqual([
    { table_name: 'flows', days: 9 },
    { table_name: 'traffic_1h', days: 0 },
  ]);
});

test('rows past the retention go, also those stored before it was set, and newer ones stay', async () => {
  await apply('all=keep');
  const insert = (days: number) =>
    engine.owner.command({
      query: `INSERT INTO weir.coverage_5m (bucket, exporter, region) VALUES (now() - toIntervalDay(${days}), 'e${days}', 'r')`,
    });
  await insert(400);
  await insert(1);
  await apply('coverage_5m=30d');
  await insert(500);
  await expect
    .poll(
      async () => {
        await engine.owner.command({ query: 'OPTIMIZE TABLE weir.coverage_5m FINAL' });
        return rows('SELECT exporter FROM weir.coverage_5m ORDER BY exporter');
      },
      { timeout: 30_000 },
    )
    .toEqual([{ exporter: 'e1' }]);
});
