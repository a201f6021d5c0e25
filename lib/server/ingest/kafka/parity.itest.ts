import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, feedFrom } from '@/clickhouse/testing/kafkaFeed';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { closeReader } from '@/lib/server/clickhouse/client';
import { answerImportLedger } from '@/lib/server/queries/importLedger';
import { testContext, useEngine } from '@/lib/server/queries/testing/useEngine';
import { goflow2Line, goflow2Message } from '../formats/testing/goflow2';
import { openIngest } from '../ingest';
import { ingestFile } from '../ingestFile';
import { emptyTables, rowsOf, TABLES } from '../testing/stored';
import { type TestIngest, testIngest } from '../testing/testIngest';
import { drainOnce } from './drain';

/** The same records out of a file and out of a topic must come to the same, in every table. */
let engine: TestClickHouse;
let owner: ClickHouseClient;
let ingest: TestIngest;

beforeAll(async () => {
  engine = await startTestClickHouse();
  owner = engine.client('owner');
  ingest = await testIngest(engine.target);
  await owner.command({ query: "INSERT INTO own_prefixes VALUES ('192.168.0.0/16'), ('2001:db8::/32')" });
  await owner.command({ query: 'SYSTEM RELOAD DICTIONARY own_prefix_dict' });
});
afterAll(async () => {
  await engine?.stop();
  await ingest?.remove();
});

const NS = 1_000_000_000n;
const AT = 1795338000n * NS;

/** Records that every rule of metrics.md has something to say about; the last ones are rejected. */
const RECORDS: Parameters<typeof goflow2Line>[0][] = [
  {},
  { sampling_rate: 1000, bytes: 1_000_000, packets: 900 },
  { sampling_rate: 0, src_port: 2 },
  // sFlow: frames, with and without tag; equal samples are two.
  { type: 1, bytes: 1518, packets: 1, sampling_rate: 4096 },
  { type: 1, bytes: 1518, packets: 1, sampling_rate: 4096 },
  { type: 1, bytes: 1522, packets: 1, sampling_rate: 4096, vlan_id: 7 },
  // End before start; longer than the active timeout; over many slots; after receipt; no start; no times but the receipt.
  { time_flow_start_ns: AT + 50n * NS, time_flow_end_ns: AT + 40n * NS, src_port: 3 },
  { time_flow_start_ns: AT - 40_000n * NS, time_flow_end_ns: AT, src_port: 4 },
  { time_flow_start_ns: AT - 1500n * NS, time_flow_end_ns: AT, bytes: 999_999_937, src_port: 5 },
  {
    time_flow_start_ns: AT + 300n * NS,
    time_flow_end_ns: AT + 600n * NS,
    time_received_ns: AT + 60n * NS,
    src_port: 6,
  },
  { time_flow_start_ns: 0, src_port: 7 },
  { time_flow_start_ns: 0, time_flow_end_ns: 0, src_port: 8 },
  { proto: 1, icmp_type: 8, icmp_code: 0, src_port: 0, dst_port: 0 },
  {
    proto: 58,
    icmp_type: 128,
    src_addr: '2001:db8::1',
    dst_addr: '2606:4700::1111',
    etype: 34525,
    src_port: 0,
    dst_port: 0,
  },
  { src_as: 4294967295, dst_as: 13335, src_port: 9 },
  { in_if: 1073741823, out_if: 4294967295, src_port: 10 },
  { sampler_address: '0.0.0.0', flow_direction: 1, src_port: 11 },
  { bytes: 2n ** 60n, packets: 2n ** 50n, src_port: 12 },
  // The first one again: a duplicate by content.
  {},
  { bytes: 2n ** 62n, sampling_rate: 4, src_port: 13 },
  { etype: 2054, src_addr: undefined, dst_addr: undefined },
  { src_addr: undefined, src_port: 14 },
  { time_flow_start_ns: 1n, time_flow_end_ns: 2n, time_received_ns: 3n, src_port: 15 },
];
// A line that ends in the middle is malformed and such a message is truncated: the one difference, in messageReader.test.ts.
const BROKEN = ['hello', '{"type":"IPFIX","bytes":}', '{"bytes":-5}'];

/** All rows of every table, batches apart. */
async function contents(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const table of TABLES) {
    const columns =
      table === 'flows'
        ? '* EXCEPT batch_key'
        : table.startsWith('uniques')
          ? '* EXCEPT addresses, finalizeAggregation(addresses)'
          : '*';
    found[table] = await rowsOf(
      owner,
      `SELECT ${columns} FROM ${table}${table === 'flows' ? '' : ' FINAL'} ORDER BY ALL`,
    );
  }
  found.rejected = await rowsOf(
    owner,
    'SELECT source_offset, format, reason, detail, record FROM flows_rejected ORDER BY source_offset',
  );
  return found;
}

async function fromFile(format: string, content: Buffer) {
  await emptyTables(owner);
  const path = join(ingest.spool, `records.${format}`);
  await writeFile(path, content);
  const open = openIngest(ingest.targets, { spool: ingest.spool });
  try {
    return (await ingestFile(open, { path, format })).summary;
  } finally {
    await open.close();
  }
}

async function fromTopic(
  format: 'goflow2-json' | 'goflow2-protobuf',
  messages: readonly (Buffer | string)[],
) {
  await emptyTables(owner);
  await owner.command({ query: 'TRUNCATE TABLE kafka_records' });
  await feedFrom(engine.target, format);
  await deliver(
    owner,
    messages.map((message, offset) => ({ partition: 0, offset, message })),
  );
  return (await drainOnce(ingest.targets, { spool: ingest.spool })).summary;
}

/** Without what is told to a sender: to a topic nobody answers, and its rejected records are compared as they are stored. */
const counts = ({ seconds: _, rejectedSamples: __, ...summary }: Awaited<ReturnType<typeof fromFile>>) =>
  summary;

test('goflow2 JSON: the same rows in flows and in every rollup, the same rejections', async () => {
  const messages = [...RECORDS.map((record) => goflow2Line(record)), ...BROKEN.map((text) => `${text}\n`)];
  const file = counts(await fromFile('goflow2-json', Buffer.from(messages.join(''))));
  const expected = await contents();
  // By hand: 23 records, of which one is a duplicate and four are rejected, and three broken lines.
  expect(file).toMatchObject({ records: 26, accepted: 18, duplicates: 1, rejected: 7 });
  expect((expected.flows as unknown[]).length).toBe(18);

  const topic = counts(await fromTopic('goflow2-json', messages));
  expect(topic).toEqual(file);
  const found = await contents();
  for (const [table, rows] of Object.entries(expected)) expect([table, found[table]]).toEqual([table, rows]);

  // The Data page shows the partition among the sources, with what came again.
  await deliver(owner, [{ partition: 0, offset: 3, message: messages[3] ?? '' }]);
  await drainOnce(ingest.targets, { spool: ingest.spool });
  await useEngine(engine.target);
  const { rows } = await answerImportLedger({ scope: DEFAULT_SCOPE, options: {} }, testContext());
  await closeReader();
  expect(rows.sources).toMatchObject([
    {
      sourceName: 'kafka:flow-messages/0',
      format: 'goflow2-json',
      records: '27',
      accepted: '18',
      duplicates: '2',
      rejected: '7',
    },
  ]);
});

test('goflow2 protobuf: the same rows in flows and in every rollup', async () => {
  const messages = RECORDS.map((record) => goflow2Message(record));
  const file = counts(await fromFile('goflow2-protobuf', Buffer.concat(messages)));
  const expected = await contents();
  expect(file).toMatchObject({ records: 23, accepted: 18, duplicates: 1, rejected: 4 });
  const topic = counts(await fromTopic('goflow2-protobuf', messages));
  expect(topic).toEqual(file);
  const found = await contents();
  for (const [table, rows] of Object.entries(expected)) expect([table, found[table]]).toEqual([table, rows]);
});
