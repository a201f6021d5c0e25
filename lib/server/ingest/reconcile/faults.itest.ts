import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { openIngest } from '../ingest';
import { ingestFile } from '../ingestFile';
import type { FlowRecord, ParsedRecord } from '../record';
import { seriesLines, seriesOf } from '../testing/expected';
import { flowRecord, ipv4, manyRecords, parsed } from '../testing/records';
import {
  contentHashes,
  emptyTables,
  ROLLUP_SLOT_MS,
  rollupLines,
  rowsOf,
  TABLES,
  totalsLine,
} from '../testing/stored';
import { type TestIngest, testIngest } from '../testing/testIngest';
import { reconcile } from './reconcile';
import { reportLines } from './report';

let engine: TestClickHouse;
let owner: ClickHouseClient;
let ingest: TestIngest;
beforeAll(async () => {
  engine = await startTestClickHouse();
  owner = engine.client('owner');
});
afterAll(() => engine?.stop());
beforeEach(async () => {
  await ingest?.remove();
  ingest = await testIngest(engine.target);
  await emptyTables(owner);
  seed += 1;
  records = manyRecords(900, 4, seed);
  flowRecords = records.flatMap((one) => (one.ok ? [one.record] : []));
});

// Other records for each test: the server remembers tokens of batches whose rows were emptied away.
let seed = 0;
let records: ParsedRecord[] = [];
let flowRecords: FlowRecord[] = [];

const ROLLUPS = TABLES.filter((table) => table !== 'flows');

/** Stops the server, removes the newest part of each table from disk and starts the server; the deduplication entries stay. */
async function loseNewestPart(...tables: string[]): Promise<void> {
  const paths = (await Promise.all(tables.map(newestPart))).flat();
  await engine.engine().stop();
  for (const path of paths) await rm(path, { recursive: true });
  await engine.restart();
}

async function newestPart(table: string): Promise<string[]> {
  const [part] = await rowsOf<{ name: string; path: string }>(
    owner,
    `SELECT name, path FROM system.parts WHERE database = 'weir' AND table = '${table}' AND active ORDER BY max_block_number DESC, name DESC LIMIT 1`,
  );
  if (part === undefined) throw new Error(`${table} has no part`);
  // What the part was merged from would come back in its place.
  const older = await rowsOf<{ path: string }>(
    owner,
    `SELECT path FROM system.parts WHERE database = 'weir' AND table = '${table}' AND NOT active`,
  );
  return [part, ...older].map(({ path }) => path);
}

async function expectExact(): Promise<void> {
  for (const [table, slotMs] of Object.entries(ROLLUP_SLOT_MS)) {
    expect([table, await rollupLines(owner, table)]).toEqual([
      table,
      seriesLines(seriesOf(flowRecords, slotMs)),
    ]);
  }
  for (const table of ['flows', 'uniques_1mo']) {
    expect((await totalsLine(owner, table)).split(' ')[0]).toBe(String(records.length));
  }
}

test('nothing lost: nothing is found, nothing is touched', async () => {
  await ingest.run(records, { batchSize: 300 });
  const before = await contentHashes(owner);
  for (const scope of ['doubtful', 'all'] as const) {
    const report = await reconcile(ingest.targets, { scope, spool: ingest.spool });
    expect(report).toMatchObject({ batches: [], rollups: [], orphans: { rows: 0 }, ok: true });
    expect(report.checked).toMatchObject({ batches: 3, rollups: ROLLUPS.length });
  }
  expect(await contentHashes(owner)).toEqual(before);
  await expectExact();
});

test('a part of flows gone from disk is found, said and mended, though its deduplication entry is still there', async () => {
  await ingest.run(records, { batchSize: 300 });
  const before = await contentHashes(owner);
  await loseNewestPart('flows');

  const checked = await reconcile(ingest.targets, { scope: 'all', mend: false, spool: ingest.spool });
  expect(checked.ok).toBe(false);
  expect(checked.batches.map(({ kind, mended }) => ({ kind, mended }))).toContainEqual({
    kind: 'missing',
    mended: false,
  });

  // Importing again is no help: the ledger knows the batch.
  expect(await ingest.run(records)).toMatchObject({ duplicates: records.length });

  const report = await reconcile(ingest.targets, { scope: 'doubtful', spool: ingest.spool });
  expect(report.ok).toBe(true);
  expect(reportLines(report).join('\n')).toMatch(
    /mended: batch .* lacks \d+ of 300 rows in flows \(2026-11-0\d/,
  );
  await expectExact();
  const after = await contentHashes(owner);
  expect({ ...after, ingest_batches: '' }).toEqual({ ...before, ingest_batches: '' });
  expect(await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool })).toMatchObject({
    batches: [],
    rollups: [],
  });
});

test('a part of a rollup gone from disk is found, said and made again from what it is made of', async () => {
  const tables = ROLLUPS;
  await ingest.run(records, { batchSize: 300 });
  const before = await contentHashes(owner);
  await loseNewestPart(...tables);
  const report = await reconcile(ingest.targets, { scope: 'doubtful', spool: ingest.spool });
  expect(report.ok).toBe(true);
  expect(report.rollups.map(({ rollup }) => rollup).sort()).toEqual([...tables].sort());
  for (const table of tables) {
    expect(reportLines(report).join('\n')).toMatch(
      new RegExp(`mended: ${table}, partition 202611: differs from`),
    );
  }
  expect(await contentHashes(owner)).toEqual(before);
  await expectExact();
});

test('rows that the server takes for stored although they are gone are found by the import itself', async () => {
  await ingest.run(records, { batchSize: 300 });
  await emptyTables(owner);
  const again = await ingest.run(records, { batchSize: 300 });
  expect(again).toMatchObject({ accepted: records.length, duplicates: 0 });
  await expectExact();
});

test('a rollup without any part left is made again whole', async () => {
  await ingest.run(records, { batchSize: 300 });
  const before = await contentHashes(owner);
  await owner.command({ query: 'TRUNCATE TABLE traffic_5m' });
  const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  expect(report.ok).toBe(true);
  expect(await contentHashes(owner)).toEqual(before);
});

test('a rollup is never emptied because flows is empty', async () => {
  await ingest.run(records, { batchSize: 300 });
  await owner.command({ query: 'TRUNCATE TABLE flows' });
  await owner.command({ query: 'TRUNCATE TABLE ingest_batches' });
  const before = await contentHashes(owner);
  const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  expect(report.ok).toBe(false);
  expect(report.rollups[0]?.text).toMatch(/left as it is, since flows holds nothing of 2026-11-01/);
  expect(await contentHashes(owner)).toEqual(before);
});

test('doubled rows of a rollup are taken away', async () => {
  await ingest.run(records, { batchSize: 300 });
  const before = await contentHashes(owner);
  await owner.command({ query: 'INSERT INTO links_5m SELECT * FROM links_5m LIMIT 100' });
  const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  // What is inserted into links_5m goes on to the rollups below it.
  expect(report.rollups.map(({ rollup }) => rollup)).toEqual([
    'links_5m',
    'coverage_5m',
    'links_1h',
    'coverage_1d',
  ]);
  expect(await contentHashes(owner)).toEqual(before);
});

test('a batch stored twice past the ledger is brought back to once', async () => {
  await ingest.run(records, { batchSize: 300 });
  const before = await contentHashes(owner);
  await owner.command({
    query: `INSERT INTO flows SELECT * FROM flows WHERE toYYYYMMDD(ts_start) = 20261102 AND batch_key = (SELECT max(batch_key) FROM flows)`,
  });
  const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  expect(report.ok).toBe(true);
  expect(report.batches.map(({ kind }) => kind)).toEqual(['doubled']);
  const after = await contentHashes(owner);
  expect({ ...after, ingest_batches: '' }).toEqual({ ...before, ingest_batches: '' });
});

test('records across midnight and the end of a month are judged by their slots', async () => {
  const edge = Date.UTC(2026, 10, 30, 23, 58);
  const across = Array.from({ length: 40 }, (_, i) =>
    parsed(
      flowRecord({
        tsStartMs: edge - (i % 5) * 86_400_000,
        durationMs: 7_200_000 - i * 1013,
        bytesRaw: 1_000_003 + i,
        packetsRaw: 101 + i,
        srcIp: ipv4(10, 0, 0, i),
      }),
    ),
  );
  await ingest.run(across);
  expect(await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool })).toMatchObject({
    rollups: [],
    ok: true,
  });
  const before = await contentHashes(owner);
  await owner.command({ query: 'ALTER TABLE traffic_5m DROP PARTITION 202612' });
  const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  expect(report.rollups.map(({ rollup, partition }) => [rollup, partition])).toEqual([
    ['traffic_5m', 202612],
  ]);
  expect(await contentHashes(owner)).toEqual(before);
});

test('without the spool a lost batch is read again from its file; without the file it is said what to import', async () => {
  const file = join(tmpdir(), `weir-lost-${process.pid}.json`);
  const lines = Array.from({ length: 50 }, (_, i) => nfdumpRecord(i));
  await writeFile(file, `[\n${lines.join(',\n')}\n]\n`);
  const load = async () => {
    const open = openIngest(ingest.targets, { spool: ingest.spool });
    try {
      return (await ingestFile(open, { path: file, format: 'nfdump-json', zone: 'UTC', batchSize: 20 }))
        .summary;
    } finally {
      await open.close();
    }
  };
  try {
    expect(await load()).toMatchObject({ accepted: 50 });
    const before = await contentHashes(owner);
    await loseNewestPart('flows');
    await rm(ingest.spool, { recursive: true });
    const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
    expect(report.ok).toBe(true);
    expect(report.batches[0]?.text).toMatch(/sent again from its file/);
    const after = await contentHashes(owner);
    expect({ ...after, ingest_batches: '' }).toEqual({ ...before, ingest_batches: '' });

    await loseNewestPart('flows');
    await rm(ingest.spool, { recursive: true, force: true });
    await rm(file);
    const lost = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
    expect(lost.ok).toBe(false);
    expect(lost.batches[0]?.text).toMatch(
      /cannot be made again: There is no file .*\. Import .* again to complete it/,
    );
    // The rollups still hold what flows has lost: they are left alone.
    expect(await totalsLine(owner, 'traffic_5m')).toMatch(/^50 /);

    await writeFile(file, `[\n${lines.join(',\n')}\n]\n`);
    expect((await load()).doubtfulBatches).toBeGreaterThan(0);
    for (const table of TABLES)
      expect([table, (await totalsLine(owner, table)).split(' ')[0]]).toEqual([table, '50']);
  } finally {
    await rm(file, { force: true });
  }
});

test('days whose raw rows have expired are left out and named', async () => {
  await ingest.run(records, { batchSize: 300 });
  await owner.command({
    query:
      'ALTER TABLE flows MODIFY TTL toDateTime(ts_start) + INTERVAL 1 DAY SETTINGS materialize_ttl_after_modify = 0',
  });
  try {
    await owner.command({ query: 'ALTER TABLE flows DROP PARTITION 20261102' });
    const before = await contentHashes(owner);
    const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
    expect(report).toMatchObject({ ok: true, batches: [], rollups: [] });
    expect(report.leftOut.join('\n')).toMatch(/days before .*flows no longer keeps everything of them/);
    expect(await contentHashes(owner)).toEqual(before);
  } finally {
    await owner.command({ query: 'ALTER TABLE flows REMOVE TTL' });
  }
});

test('the first day that is kept is not judged without what the day before reaches into it', async () => {
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const across = Array.from({ length: 20 }, (_, i) =>
    parsed(
      flowRecord({
        tsStartMs: today - 86_400_000 + (i % 2) * 43_200_000 - 60_000,
        durationMs: 600_000,
        bytesRaw: 10_000 + i,
        sourceFormat: `run ${seed}`,
      }),
    ),
  );
  await ingest.run(across);
  await owner.command({
    query:
      'ALTER TABLE flows MODIFY TTL toDateTime(ts_start) + INTERVAL 2 DAY SETTINGS materialize_ttl_after_modify = 0',
  });
  try {
    const before = await contentHashes(owner);
    const expired = new Date(today - 2 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    await owner.command({ query: `ALTER TABLE flows DROP PARTITION ${expired}` });
    const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
    expect(report).toMatchObject({ ok: true, batches: [], rollups: [] });
    expect({ ...(await contentHashes(owner)), flows: '' }).toEqual({ ...before, flows: '' });
  } finally {
    await owner.command({ query: 'ALTER TABLE flows REMOVE TTL' });
  }
});

test('an unfinished batch of days that flows no longer keeps still reaches the rollups, once', async () => {
  await owner.command({
    query:
      'ALTER TABLE flows MODIFY TTL toDateTime(ts_start) + INTERVAL 1 DAY SETTINGS materialize_ttl_after_modify = 0',
  });
  try {
    await owner.command({ query: 'RENAME TABLE flows_landing TO flows_landing_away' });
    await expect(ingest.run(records, { batchSize: 300 })).rejects.toThrow(/flows_landing/);
    await owner.command({ query: 'RENAME TABLE flows_landing_away TO flows_landing' });
    await ingest.run(records, { batchSize: 300 });
    for (let again = 0; again < 2; again += 1) {
      expect(await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool })).toMatchObject({
        ok: true,
      });
    }
    for (const table of TABLES.filter((name) => name !== 'flows')) {
      expect([table, (await totalsLine(owner, table)).split(' ')[0]]).toEqual([table, '900']);
    }
  } finally {
    await owner.command({ query: 'ALTER TABLE flows REMOVE TTL' });
  }
});

test('rows of flows that no batch brought are reported, and left', async () => {
  await ingest.run(records, { batchSize: 300 });
  await owner.command({
    query: `INSERT INTO flows_landing (batch_key, ts_start, duration_ms, ts_recv, exporter, src_ip, dst_ip, bytes_raw, packets_raw, sampling_rate)
      VALUES (7, '2026-11-03 00:00:00', 0, '2026-11-03 00:00:00', 'e', '10.0.0.1', '8.8.8.8', 1, 1, 1)`,
  });
  const report = await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  expect(report).toMatchObject({ orphans: { batches: 1, rows: 1 }, ok: true, batches: [], rollups: [] });
  expect(reportLines(report).join('\n')).toMatch(
    /1 rows of flows belong to 1 batches that the ledger does not know/,
  );
});

test('a batch of a computed source is made again by its formula', async () => {
  const columns = `toUInt64(0) AS batch_key, toUInt64(number + 1) AS dedup_key,
    toDateTime64('2026-11-01 12:00:00', 3, 'UTC') + toIntervalHour(number) AS ts_start, toUInt32(1000) AS duration_ms, ts_start AS ts_recv,
    toUInt64(number * 1000) AS bytes_raw, toUInt64(number) AS packets_raw, toUInt32(10) AS sampling_rate, 'e' AS exporter,
    toUInt32(0) AS obs_domain, toUInt32(1) AS in_if, toUInt32(2) AS out_if, 'unknown' AS reported_direction,
    toIPv6('10.0.0.1') AS src_ip, toIPv6('8.8.8.8') AS dst_ip, toUInt16(1) AS src_port, toUInt16(2) AS dst_port, toUInt8(6) AS proto,
    toUInt8(0) AS tos, toUInt8(0) AS tcp_flags, toUInt32(0) AS src_as, toUInt32(0) AS dst_as, 'demo' AS source_format,
    toUInt32(0) AS quality_flags`;
  const formula = `SELECT ${columns} FROM numbers(100)`;
  // Cut off after the ledger's line: nothing of it is stored.
  await owner.command({
    query: `INSERT INTO ingest_batches (batch_id, batch_key, source, records, accepted, bytes, packets, first_start, last_end, state, token, version, created_at)
      VALUES ('${'a'.repeat(64)}', 77, 'demo:test', 100, 100, 49500000, 49500, '2026-11-01 12:00:00', '2026-11-05 15:00:01', 'pending', 't', 1, now64(3))`,
  });
  const report = await reconcile(ingest.targets, {
    scope: 'doubtful',
    spool: ingest.spool,
    remake: async (batch) => (batch.source === 'demo:test' ? formula : null),
  });
  expect(report.ok).toBe(true);
  expect(report.batches[0]?.text).toMatch(/lacks 100 of 100 rows .*sent again from its formula/);
  for (const table of TABLES)
    expect([table, await totalsLine(owner, table)]).toEqual([table, '100 49500 49500000']);
});

function nfdumpRecord(i: number): string {
  const minute = String(i % 60).padStart(2, '0');
  return JSON.stringify({
    type: 'FLOW',
    sampled: 0,
    export_sysid: 1,
    first: `2026-11-0${1 + (i % 3)}T09:${minute}:00.000`,
    last: `2026-11-0${1 + (i % 3)}T09:${minute}:30.000`,
    received: `2026-11-0${1 + (i % 3)}T10:00:00.000`,
    in_packets: 2 + i,
    in_bytes: 980 + i,
    proto: 6,
    tcp_flags: '...A....',
    src_port: 53605,
    dst_port: 80,
    src_tos: 0,
    src4_addr: '192.168.5.16',
    dst4_addr: '68.233.253.133',
    input_snmp: 0,
    output_snmp: 0,
    ip4_router: '127.0.0.1',
  });
}
