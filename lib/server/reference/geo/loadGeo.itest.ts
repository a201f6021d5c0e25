import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { loadGeo } from '@/lib/server/reference/geo/loadGeo';
import { type MadeNetwork, makeNetwork } from '@/lib/server/reference/testing/madeNetwork';

let engine: TestClickHouse;
let made: MadeNetwork;

beforeAll(async () => {
  [engine, made] = await Promise.all([startTestClickHouse(), makeNetwork()]);
});

afterAll(async () => {
  await engine?.stop();
  await made?.remove();
});

const frankfurt = "dictGet('weir.geo_dict', 'metro', toIPv6('::ffff:198.51.100.9'))";

async function value(expression: string): Promise<string> {
  const result = await engine.owner.query({
    query: `SELECT toString(${expression}) AS value`,
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ value: string }>();
  return row?.value ?? '';
}

test('the table is made once, kept in the cache folder, and made again when a source changes', async () => {
  const said: string[] = [];
  const load = () =>
    loadGeo(engine.target, made.cache, { sources: made.sources, onProgress: (text) => said.push(text) });
  expect(await load()).toMatchObject({ changed: true, version: 1 });
  expect(said.some((text) => text.includes('making the table'))).toBe(true);
  expect(await value(frankfurt)).toBe('Frankfurt');

  // Another database, the same cache: loaded, not made.
  await engine.owner.command({ query: 'TRUNCATE TABLE reference_loads' });
  said.length = 0;
  expect(await load()).toMatchObject({ changed: true });
  expect(said.some((text) => text.includes('making the table'))).toBe(false);

  await appendFile(join(made.sources.taxonomyDir, 'metros.csv'), 'Offenbach,DE,50.10,8.63\n');
  expect(await load()).toMatchObject({ changed: true, version: 2 });
  expect(await value(frankfurt)).toBe('Offenbach');
  const tables = (await readdir(made.cache)).filter((name) => name.startsWith('geo-'));
  expect(tables).toHaveLength(1);
});

test('a load that is ended leaves what was loaded, and the next one does it', async () => {
  await appendFile(join(made.sources.taxonomyDir, 'metros.csv'), 'Sachsenhausen,DE,50.10,8.63\n');
  await appendFile(join(made.sources.taxonomyDir, 'anycast.csv'), '198.51.100.0/24,Test,made\n');
  for (const moment of ['making', 'loading']) {
    const stop = new AbortController();
    const onProgress = (text: string): void => {
      if (text.includes(moment)) stop.abort();
    };
    await expect(
      loadGeo(engine.target, made.cache, { sources: made.sources, onProgress, signal: stop.signal }),
    ).rejects.toThrow();
    expect(await value(frankfurt)).toBe('Offenbach');
    expect(await value("(SELECT max(version) FROM reference_loads WHERE name = 'geo')")).toBe('2');
  }
  await loadGeo(engine.target, made.cache, { sources: made.sources });
  expect(await value(frankfurt)).toBe('');
  expect(
    await value("(SELECT count() FROM system.tables WHERE database = 'weir' AND name LIKE '%\\_new\\_%')"),
  ).toBe('0');
});
