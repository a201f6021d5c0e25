import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { openIngest } from './ingest';
import { type FileImport, ingestFile } from './ingestFile';
import type { ParsedRecord } from './record';
import { flowRecord, ipv4, manyRecords, parsed } from './testing/records';
import { contentHashes, emptyTables, rowsOf, TABLES, totalsLine } from './testing/stored';
import { type TestIngest, testIngest } from './testing/testIngest';

const FIXTURE = fileURLToPath(new URL('../../../clickhouse/demo/fixtures/zeek-nfdump.json', import.meta.url));

let engine: TestClickHouse;
let owner: ClickHouseClient;
let ingest: TestIngest;
let folder: string;
beforeAll(async () => {
  engine = await startTestClickHouse({ migrated: 'here' });
  owner = engine.client('owner');
  ingest = await testIngest(engine.target);
  folder = await mkdtemp(join(tmpdir(), 'weir-files-'));
});
beforeEach(() => emptyTables(owner));
afterAll(async () => {
  await engine?.stop();
  await ingest?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function importFile(file: Partial<FileImport> & { path: string }) {
  const open = openIngest(ingest.targets, { spool: ingest.spool });
  try {
    return await ingestFile(open, { format: 'nfdump-json', zone: 'UTC', ...file });
  } finally {
    await open.close();
  }
}

/** What proves that content, and not the memory of the last hour or ClickHouse's window, recognises a batch. */
async function forgetKeys(): Promise<void> {
  await owner.command({ query: 'TRUNCATE TABLE ingest_keys' });
}

test('the same file twice: the second time all duplicates, every table the same row for row', async () => {
  const first = await importFile({ path: FIXTURE });
  expect(first.summary).toMatchObject({ records: 38, accepted: 38, bytes: 3_814_782n, packets: 3_901n });
  const before = await contentHashes(owner);
  await forgetKeys();
  const second = await importFile({ path: FIXTURE });
  expect(second.summary).toMatchObject({ records: 38, accepted: 0, rejected: 0, duplicates: 38, bytes: 0n });
  expect(await contentHashes(owner)).toEqual(before);
});

test('the same file under another name and compressed is the same source', async () => {
  await importFile({ path: FIXTURE });
  const before = await contentHashes(owner);
  await forgetKeys();
  const renamed = join(folder, 'renamed.json');
  await copyFile(FIXTURE, renamed);
  const zipped = join(folder, 'zipped');
  await writeFile(zipped, gzipSync(await readFile(FIXTURE)));
  for (const path of [renamed, zipped]) {
    const { summary } = await importFile({ path });
    expect(summary).toMatchObject({ records: 38, duplicates: 38, accepted: 0 });
  }
  expect(await contentHashes(owner)).toEqual(before);
});

test('a truncated gzip gives an error and what came before; the whole file then adds only the rest', async () => {
  const whole = gzipSync(await readFile(FIXTURE));
  const path = join(folder, 'cut.json.gz');
  await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.6)));
  const cut = await importFile({ path });
  expect(cut.problem).toMatch(/cut\.json\.gz is a truncated gzip file/);
  expect(cut.summary.accepted).toBeGreaterThan(5);
  expect(cut.summary.accepted + cut.summary.rejected).toBe(cut.summary.records);
  await forgetKeys();
  await writeFile(path, whole);
  const rest = await importFile({ path });
  expect(rest.problem).toBeNull();
  expect(rest.summary.duplicates).toBe(cut.summary.accepted);
  expect(rest.summary.accepted).toBe(38 - cut.summary.accepted);
  for (const table of TABLES)
    expect([table, await totalsLine(owner, table)]).toEqual([table, '38 3901 3814782']);
});

test('with another batch size, after a restart, a stored source is recognised at its recorded boundaries', async () => {
  const records = manyRecords(500, 3);
  await ingest.run(records, { batchSize: 60 });
  const before = await contentHashes(owner);
  await forgetKeys();
  await engine.restart();
  for (const batchSize of [7, 60, 499, 50_000]) {
    expect(await ingest.run(records, { batchSize })).toMatchObject({
      records: 500,
      duplicates: 500,
      accepted: 0,
    });
  }
  expect(await contentHashes(owner)).toEqual(before);
});

test('a grown source goes on where it ended, with the batch size recorded', async () => {
  const records = manyRecords(500, 3);
  await ingest.run(records.slice(0, 130), { batchSize: 60 });
  await forgetKeys();
  expect(await ingest.run(records, { batchSize: 50_000 })).toMatchObject({ duplicates: 130, accepted: 370 });
  const sizes = await rowsOf<{ records: string }>(
    owner,
    'SELECT toString(records) AS records FROM ingest_batches FINAL ORDER BY source_offset',
  );
  expect(sizes.map((row) => Number(row.records))).toEqual([60, 60, 10, 60, 60, 60, 60, 60, 60, 10]);
});

// ClickHouse's own deduplication remembers a number of parts. It is set to two here, so that the window of a batch has passed after
// three others; that 10,000 other batches stand in the ledger is done by writing their lines, as storing them would take an hour.
test('a batch sent again after its window has passed, and after 10,000 other batches, changes nothing', async () => {
  for (const table of TABLES) {
    await owner.command({
      query: `ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = 2`,
    });
  }
  const records = manyRecords(300, 3);
  await ingest.run(records);
  for (let other = 1; other <= 5; other += 1) await ingest.run(manyRecords(20, 3, other + 1));
  await owner.command({
    query: `INSERT INTO ingest_batches (batch_id, batch_key, source, source_offset, records, accepted, state, version)
      SELECT lower(hex(SHA256(toString(number)))), cityHash64(number), concat('test:', toString(number % 5000)), number, 0, 0, 'committed', 1
      FROM numbers(10000)`,
  });
  await forgetKeys();
  const before = await contentHashes(owner);
  expect(await ingest.run(records, { batchSize: 100 })).toMatchObject({ duplicates: 300, accepted: 0 });
  expect(await contentHashes(owner)).toEqual(before);
});

test('equal records are dropped within a batch, within a source and, for an hour, across sources; a later hour keeps them', async () => {
  const one = manyRecords(10)[0] as ParsedRecord;
  expect(await ingest.run([one, one, one])).toMatchObject({ accepted: 1, duplicates: 2 });
  expect(await ingest.run([...manyRecords(5, 1, 9), one], { batchSize: 2 })).toMatchObject({
    accepted: 5,
    duplicates: 1,
  });
  for (const query of [
    'CREATE TABLE aged ENGINE = Memory AS SELECT inserted_at - 3601 AS inserted_at, batch_key, dedup_key FROM ingest_keys',
    'TRUNCATE TABLE ingest_keys',
    'INSERT INTO ingest_keys SELECT * FROM aged',
    'DROP TABLE aged',
  ]) {
    await owner.command({ query });
  }
  expect(await ingest.run([...manyRecords(5, 1, 10), one])).toMatchObject({ accepted: 6, duplicates: 0 });
});

test('records that differ in one compared field only are no duplicates', async () => {
  const variants = [
    {},
    { exporter: '192.0.2.2' },
    { obsDomain: 1 },
    { srcIp: ipv4(10, 0, 0, 2) },
    { dstIp: ipv4(203, 0, 113, 10) },
    { srcPort: 444 },
    { dstPort: 50_001 },
    { proto: 17 },
    { inIf: 9 },
    { outIf: 9 },
    { tos: 4 },
    { tsStartMs: Date.UTC(2026, 10, 22, 9) + 1 },
    { durationMs: 1 },
    { bytesRaw: 1001 },
    { bytesRaw: 1000n + 2n ** 40n },
    { packetsRaw: 11 },
    { sequence: 1 },
    { sequence: 2 },
    { sourceFormat: 'other' },
  ].map((fields) => parsed(flowRecord(fields)));
  expect(await ingest.run(variants)).toMatchObject({ accepted: variants.length, duplicates: 0 });
});

test('packet samples are never compared by content', async () => {
  const sample = parsed(flowRecord({ comparedByContent: false }));
  expect(await ingest.run([sample, sample, sample])).toMatchObject({ accepted: 3, duplicates: 0 });
});

test('an import cut off between ledger and insert is completed by the next one', async () => {
  const records = manyRecords(200, 3);
  await owner.command({ query: 'RENAME TABLE flows_landing TO flows_landing_away' });
  await expect(ingest.run(records, { batchSize: 100 })).rejects.toThrow(/flows_landing/);
  await owner.command({ query: 'RENAME TABLE flows_landing_away TO flows_landing' });
  const again = await ingest.run(records, { batchSize: 100 });
  expect(again).toMatchObject({ records: 200, accepted: 200, duplicates: 0 });
  expect(again.doubtfulBatches).toBeGreaterThan(0);
  for (const table of TABLES) expect((await totalsLine(owner, table)).split(' ')[0]).toBe('200');
});
