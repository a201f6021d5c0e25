import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { loadGeo } from '@/lib/server/reference/geo/loadGeo';
import { mendGeo } from '@/lib/server/reference/geo/mendGeo';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import {
  land,
  type MadeFlow,
  type MadeNetwork,
  makeNetwork,
} from '@/lib/server/reference/testing/madeNetwork';

let engine: TestClickHouse;
let made: MadeNetwork;

beforeAll(async () => {
  [engine, made] = await Promise.all([startTestClickHouse(), makeNetwork()]);
  await loadNetwork(engine.target, made.networkFile);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
});

afterAll(async () => {
  await engine?.stop();
  await made?.remove();
});

async function rows(query: string): Promise<unknown[]> {
  return (await engine.owner.query({ query, format: 'JSONEachRow' })).json();
}

/** Every way in which the looked-up address is found: both directions, transit, IPv6, NAT64, anycast, unknown. */
const FLOWS: MadeFlow[] = [
  { src: '198.51.100.9', dst: '10.1.1.1' },
  { src: '10.1.1.1', dst: '203.0.113.9' },
  { src: '203.0.113.9', dst: '198.51.100.9' },
  { src: '10.1.1.1', dst: '10.2.2.2' },
  { src: '2001:db8:2000::9', dst: '2001:db8:1::1' },
  { src: '2001:db8:1::1', dst: '64:ff9b::c633:6409' },
  { src: '64:ff9b::cb00:7109', dst: '2001:db8:1::1' },
  { src: '192.88.99.9', dst: '10.1.1.1' },
  { src: '192.0.2.9', dst: '10.1.1.1' },
];
const DAYS = ['2026-09-14', '2026-09-15', '2026-09-16'];
const ENRICHED = 'src_port, src_ip, dst_ip, direction, country, metro, geo_version';
const ROLLUPS = ['traffic_5m', 'traffic_1h', 'links_5m', 'coverage_5m'];

async function totals(): Promise<unknown> {
  return Promise.all(
    ROLLUPS.map((table) => rows(`SELECT sum(bytes) AS bytes, sum(flow_records) AS records FROM ${table}`)),
  );
}

test('records stored before the table was there get what they would have got, and nothing else changes', async () => {
  for (const [index, day] of DAYS.entries()) {
    await land(
      engine.owner,
      FLOWS.map((flow) => ({ ...flow, day })),
      1 + index,
    );
  }
  expect(await rows('SELECT DISTINCT geo_version FROM flows')).toEqual([{ geo_version: 0 }]);
  // Nothing can be mended before there is a table, and nothing pretends to.
  expect(await mendGeo(engine.target)).toMatchObject({ records: 0, left: 27 });

  const before = await totals();
  await loadGeo(engine.target, made.cache, { sources: made.sources });
  expect(await mendGeo(engine.target)).toMatchObject({ records: 27, left: 0 });
  expect(await totals()).toEqual(before);

  await land(
    engine.owner,
    FLOWS.map((flow) => ({ ...flow, day: '2026-09-15' })),
    99,
  );
  const mended = await rows(`SELECT ${ENRICHED} FROM flows WHERE batch_key = 2 ORDER BY src_port`);
  const direct = await rows(`SELECT ${ENRICHED} FROM flows WHERE batch_key = 99 ORDER BY src_port`);
  expect(mended).toEqual(direct);
  expect(mended).toMatchObject([
    { country: 'DE', metro: 'Frankfurt' },
    { country: 'US', metro: 'Northern Virginia' },
    { country: 'US', metro: 'Northern Virginia' },
    { country: '', metro: '' },
    { country: 'DE', metro: '' },
    { country: 'DE', metro: 'Frankfurt' },
    { country: 'US', metro: 'Northern Virginia' },
    { country: '', metro: '' },
    { country: '', metro: '' },
  ]);
  expect(await mendGeo(engine.target)).toMatchObject({ records: 0, left: 0 });
});

test('a batch that was mended is still known: sent again it changes nothing', async () => {
  const before = await rows('SELECT count() AS records FROM flows');
  const rollups = await totals();
  for (const [index, day] of DAYS.entries()) {
    await land(
      engine.owner,
      FLOWS.map((flow) => ({ ...flow, day })),
      1 + index,
    );
  }
  expect(await rows('SELECT count() AS records FROM flows')).toEqual(before);
  expect(await totals()).toEqual(rollups);
});

test('records that arrive while it mends are neither lost nor doubled', async () => {
  const [counted] = (await rows('SELECT count() AS records FROM flows')) as { records: string }[];
  const stored = Number(counted?.records);
  // As if the table had gone: what is stored now, and what arrives during the first half, has no place.
  await engine.owner.command({
    query: `ALTER TABLE flows UPDATE country = '', metro = '', geo_version = 0 WHERE 1`,
    clickhouse_settings: { mutations_sync: '2' },
  });
  let batches = 0;
  let mending = true;
  const feed = async (): Promise<void> => {
    while (mending) {
      batches += 1;
      await land(
        engine.owner,
        FLOWS.map((flow) => ({ ...flow, day: DAYS[batches % 3] ?? '2026-09-14' })),
        1000 + batches,
      );
    }
  };
  const feeding = feed();
  const result = await mendGeo(engine.target);
  mending = false;
  await feeding;
  expect(result).toMatchObject({ records: stored, left: 0 });
  expect(batches).toBeGreaterThan(0);
  const all = stored + batches * FLOWS.length;
  expect(
    await rows('SELECT toUInt32(count()) AS records, toUInt32(countIf(geo_version = 0)) AS left FROM flows'),
  ).toEqual([{ records: all, left: 0 }]);
  expect(await rows('SELECT toUInt32(sum(flow_records)) AS records FROM traffic_5m')).toEqual([
    { records: all },
  ]);
});
