import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { flowRecord, ipv4, parsed } from '@/lib/server/ingest/testing/records';
import { contentHashes, emptyTables, rowsOf } from '@/lib/server/ingest/testing/stored';
import { type TestIngest, testIngest } from '@/lib/server/ingest/testing/testIngest';
import { loadAsnTable } from '@/lib/server/reference/asn/loadAsnTable';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import { type MadeNetwork, makeNetwork, NETWORK_TEXT } from '@/lib/server/reference/testing/madeNetwork';
import { reenrich } from './reenrich';

/**
 * What stored records become must be what they would have become had they arrived afterwards: each test changes what is known, enriches
 * again, and holds every table against an import of the same records into empty tables.
 */
let engine: TestClickHouse;
let made: MadeNetwork;
let ingest: TestIngest;

beforeAll(async () => {
  [engine, made] = await Promise.all([startTestClickHouse(), makeNetwork()]);
  ingest = await testIngest(engine.target);
  await loadAsnTable(engine.target, made.cache, made.sources.asnDir);
});
beforeEach(async () => {
  await emptyTables(engine.owner);
  await load(NETWORK_TEXT);
});
afterAll(async () => {
  await engine?.stop();
  await Promise.all([ingest?.remove(), made?.remove()]);
});

async function load(network: string): Promise<void> {
  await writeFile(made.networkFile, network);
  await loadNetwork(engine.target, made.networkFile);
  await loadTaxonomy(engine.target, made.sources.taxonomyDir);
}

const MINUTE = 60_000;
const NIGHT = Date.UTC(2026, 8, 14, 23, 30);

/** Two types of remote end, both directions, over a midnight; every third of unknown sampling rate. */
const RECORDS = Array.from({ length: 60 }, (_, i) => {
  const remote = i % 2 === 0 ? ipv4(198, 51, 100, i) : ipv4(203, 0, 113, i);
  const local = ipv4(10, 0, 0, i);
  const unknown = i % 3 === 0;
  return parsed(
    flowRecord({
      tsStartMs: NIGHT + i * MINUTE,
      durationMs: i * 90_000,
      tsRecvMs: NIGHT + 6 * 60 * MINUTE,
      ...(i % 4 < 2 ? { srcIp: local, dstIp: remote } : { srcIp: remote, dstIp: local }),
      bytesRaw: 1_000 + 77 * i,
      packetsRaw: 1 + i,
      exporter: i % 5 === 0 ? '2001:db8:ffff::1' : '192.0.2.1',
      samplingRate: unknown ? 0 : 10,
      qualityFlags: unknown ? QUALITY_FLAGS.unknownSamplingRate : 0,
    }),
  );
});

async function stored(): Promise<unknown> {
  // The ledger and its counts by exporter say what a batch was when it came.
  const {
    flows: _,
    ingest_batches: __,
    batch_exporters: ___,
    flows_rejected: ____,
    ...rollups
  } = await contentHashes(engine.owner);
  return {
    rollups,
    flows: await rowsOf(
      engine.owner,
      'SELECT * EXCEPT taxonomy_version, bytes, packets, direction FROM flows ORDER BY ts_start, src_ip',
    ),
    ledger: await rowsOf(
      engine.owner,
      'SELECT batch_id, accepted, bytes, packets, state FROM ingest_batches FINAL ORDER BY batch_id',
    ),
  };
}

/** What the same records come to when they arrive now. */
async function arrivingNow(): Promise<unknown> {
  await emptyTables(engine.owner);
  await ingest.run(RECORDS);
  return stored();
}

test.each([
  [
    'a type',
    `${NETWORK_TEXT}  - { asn: 64502, network_type: Neocloud, valid_from: 2026-09-15, reason: test }\n`,
    // From 15 September on, and so only the second day.
    [20260915],
  ],
  [
    'an own prefix',
    NETWORK_TEXT.replace('[10.0.0.0/8', '[198.51.100.0/24, 10.0.0.0/8'),
    [20260914, 20260915],
  ],
  [
    'a sampling rate that was unknown',
    NETWORK_TEXT.replace('region: EU-Central', 'region: EU-Central, sampling_rate: 2000'),
    [20260914, 20260915],
  ],
])('%s set afterwards: every table is as if the records came now', async (_, network, days) => {
  await ingest.run(RECORDS);
  const before = await stored();
  await load(network);
  expect((await reenrich(ingest.targets, { dryRun: true })).days).toEqual(days);
  expect(await stored()).toEqual(before);
  expect((await reenrich(ingest.targets)).days).toEqual(days);
  const after = await stored();
  expect(after).not.toEqual(before);
  expect((await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool })).ok).toBe(true);
  expect((await reenrich(ingest.targets)).days).toEqual([]);
  expect(after).toEqual(await arrivingNow());
});

test('cut short between records and rollups, the next run finishes it', async () => {
  await ingest.run(RECORDS);
  await load(NETWORK_TEXT.replace('region: US-West', 'region: US-East'));
  const stop = new AbortController();
  const onProgress = (text: string) => {
    if (text.startsWith('making rollups again')) stop.abort(new Error('killed'));
  };
  await expect(reenrich(ingest.targets, { onProgress, signal: stop.signal })).rejects.toThrow('killed');
  const regions = 'SELECT DISTINCT region FROM traffic_5m ORDER BY region';
  expect(await rowsOf(engine.owner, regions)).toContainEqual({ region: 'US-West' });
  expect((await reenrich(ingest.targets)).days).toEqual([]);
  expect(await rowsOf(engine.owner, regions)).not.toContainEqual({ region: 'US-West' });
  const after = await stored();
  expect(after).toEqual(await arrivingNow());
});

test('a batch whose records were enriched again is still known: sent again it changes nothing', async () => {
  await ingest.run(RECORDS);
  await load(NETWORK_TEXT.replace('region: EU-Central', 'region: EU-Central, sampling_rate: 2000'));
  await reenrich(ingest.targets);
  const after = await stored();
  expect(await ingest.run(RECORDS)).toMatchObject({ accepted: 0, duplicates: RECORDS.length });
  expect(await stored()).toEqual(after);
});

test('only the days asked for are looked at', async () => {
  await ingest.run(RECORDS);
  await load(NETWORK_TEXT.replace('region: US-West', 'region: US-East'));
  expect(await reenrich(ingest.targets, { from: 20260915, to: 20260915 })).toMatchObject({
    looked: 1,
    days: [20260915],
  });
  expect(
    await rowsOf(
      engine.owner,
      'SELECT DISTINCT toYYYYMMDD(ts_start) AS day, region FROM flows ORDER BY day, region',
    ),
  ).toEqual([
    { day: 20260914, region: 'EU-Central' },
    { day: 20260914, region: 'US-West' },
    { day: 20260915, region: 'EU-Central' },
    { day: 20260915, region: 'US-East' },
  ]);
});
