import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { parseRequest } from '@/lib/flows/contracts/contract';
import { type ExporterQuality, exporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { closeReader } from '@/lib/server/clickhouse/client';
import { goflow2Line } from '@/lib/server/ingest/formats/testing/goflow2';
import { openIngest } from '@/lib/server/ingest/ingest';
import { ingestFile } from '@/lib/server/ingest/ingestFile';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { type TestIngest, testIngest } from '@/lib/server/ingest/testing/testIngest';
import { answerExporterQuality } from './exporterQuality';
import { forgetFacts } from './facts';
import { testContext, useEngine } from './testing/useEngine';

// From a file of goflow2 to the answer of the page. Each exporter sends a packet every 12 s for 80 minutes: 400 packets, 300 of them in the
// first hour. Batches are of 490 records, so that they end within packets. Expected figures are worked out by hand.

const HOUR = 3_600;
const H0 = Math.floor(Date.now() / 1000 / HOUR) * HOUR - 48 * HOUR;
const PACKETS = 400;
const V5 = 2;
const V9 = 3;
const IPFIX = 4;
const SFLOW = 1;

type Values = NonNullable<Parameters<typeof goflow2Line>[0]>;

/** Records of packet n: none where the packet was lost. */
function packet(n: number, exporter: number, type: number, sequence: number, records: number): Values[] {
  const received = BigInt(H0 + n * 12) * 1_000_000_000n;
  return Array.from({ length: records }, (_, i) => ({
    type,
    sampler_address: `198.51.100.${exporter}`,
    sequence_num: sequence,
    observation_domain_id: 7,
    time_received_ns: received,
    time_flow_start_ns: received - 10_000_000_000n,
    time_flow_end_ns: received - 2_000_000_000n,
    src_port: 1_000 + i,
    dst_port: 2_000 + n,
    bytes: type === SFLOW ? 1_000 : 98,
    packets: type === SFLOW ? 1 : 2,
  }));
}

const TOP = 2 ** 32;
const lost = (n: number, ...from: number[]) => from.includes(n);

function records(): Values[] {
  const all: Values[] = [];
  for (let n = 0; n < PACKETS; n += 1) {
    // v9 that wraps after 150 packets; 8 are lost, one of them the first of the second hour.
    if (!lost(n, 20, 21, 22, 77, 149, 150, 300, 398)) all.push(...packet(n, 5, V9, (TOP - 150 + n) % TOP, 3));
    // IPFIX, 4 records each; it begins anew after 200 packets. Two packets are lost: 8 records.
    if (!lost(n, 10, 350)) all.push(...packet(n, 6, IPFIX, n < 200 ? 900_000 + n * 4 : (n - 200) * 4, 4));
    // v5, 2 records each, nothing lost; a pair of packets changed places on the way.
    const swapped = n === 60 ? 61 : n === 61 ? 60 : n;
    all.push(...packet(n, 7, V5, 5_000 + swapped * 2, 2));
    // sFlow of two sub-agents, one datagram each in turn; of the second one in ten is lost.
    const half = Math.floor(n / 2);
    if (n % 2 === 0) all.push(...packet(n, 8, SFLOW, 1_000 + half, 1));
    else if (half % 10 !== 5) all.push(...packet(n, 8, SFLOW, 7_000_000 + half, 1));
    // One that does not count.
    all.push(...packet(n, 9, V9, 0, 1));
    // One that counts messages where it should count records.
    all.push(...packet(n, 10, IPFIX, n, 5));
  }
  // One record of a packet cannot be read, and is not missing from it. Five records came before.
  const broken = all.find(
    ({ sampler_address: from, dst_port: port }) => from === '198.51.100.6' && port === 2_250,
  );
  if (broken !== undefined) broken.src_port = 70_000;
  const repeated = all.filter(({ sampler_address: from }) => from === '198.51.100.5').slice(100, 105);
  return [...all, ...repeated];
}

let engine: TestClickHouse;
let ingest: TestIngest;
let folder: string;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await useEngine(engine.target);
  ingest = await testIngest(engine.target);
  folder = await mkdtemp(join(tmpdir(), 'weir-receipts-'));
  await put('flows.json', records());
});
afterAll(async () => {
  await closeReader();
  await engine?.stop();
  await ingest?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, values: readonly Values[]): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, values.map((each) => goflow2Line(each)).join(''));
  const open = openIngest(ingest.targets, { spool: ingest.spool });
  try {
    await ingestFile(open, { path, format: 'goflow2-json', batchSize: 490 });
  } finally {
    await open.close();
  }
  forgetFacts();
}

async function exporters(from = H0, to = H0 + 2 * HOUR): Promise<Record<string, ExporterQuality>> {
  const iso = (t: number) => new Date(t * 1000).toISOString().replace('.000Z', 'Z');
  const parsed = parseRequest(exporterQuality, new URLSearchParams(`from=${iso(from)}&to=${iso(to)}`));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const answer = exporterQuality.answer.parse(await answerExporterQuality(parsed.request, testContext()));
  return Object.fromEntries(answer.rows.exporters.map((row) => [row.exporter.split('.').pop(), row]));
}

const lossOf = ({ loss }: ExporterQuality = {} as ExporterQuality) =>
  loss && [loss.missing, loss.expected, loss.restarts, loss.unknown];

test('loss by sequence numbers, across batches, hours, a wrap and a restart', async () => {
  const of = await exporters();
  expect(lossOf(of['5'])).toEqual(['8', '400', 0, null]);
  expect(of['5']?.loss).toMatchObject({ share: 8 / 400, atMost: true, knownCounts: 1, counts: 1 });
  expect(lossOf(of['6'])).toEqual(['8', '1600', 1, null]);
  expect(of['7']?.loss).toMatchObject({ missing: '0', expected: '800', share: 0, atMost: false });
  expect(lossOf(of['9'])?.[3]).toBe('tooFew');
  expect(lossOf(of['10'])?.[3]).toBe('countsOtherwise');
});

test('two counts under one address are told apart within a batch', async () => {
  const loss = (await exporters())['8']?.loss;
  // 20 of 200 are lost of the second; a loss that ends a batch lies between two and is not seen.
  expect(loss).toMatchObject({ unknown: null, atMost: true });
  expect(Number(loss?.missing)).toBeGreaterThan(0);
  expect(Number(loss?.missing)).toBeLessThanOrEqual(20);
  expect(Number(loss?.expected) - Number(loss?.missing)).toBe(380);
});

test('what became of the records, by the hour of receipt', async () => {
  const of = await exporters();
  expect(of['5']?.receipts).toEqual({ accepted: '1176', duplicates: '5', rejected: '0', flagged: '0' });
  expect(of['6']?.receipts).toEqual({ accepted: '1591', duplicates: '0', rejected: '1', flagged: '0' });
  // Bytes of sampled frames are estimates: each is flagged.
  expect(of['8']?.receipts).toEqual({ accepted: '380', duplicates: '0', rejected: '0', flagged: '380' });
  const second = await exporters(H0 + HOUR);
  // Packets 300 to 399 less two; the one lost at the full hour is known from the hour before alone.
  expect(second['5']?.receipts?.accepted).toBe('294');
  expect(lossOf(second['5'])).toEqual(['1', '99', 0, 'tooFew']);
  expect((await exporters(H0 - 24 * HOUR, H0 - 22 * HOUR))['5']).toMatchObject({
    receipts: null,
    loss: null,
  });
});

test('the same file again, and batches made again from the spool, change none of it', async () => {
  const before = await exporters();
  await put('flows.json', records());
  expect((await exporters())['7']).toEqual(before['7']);
  // All that was stored is lost but the ledger: reconcile sends it again.
  for (const table of ['flows', 'batch_exporters']) {
    await engine.owner.command({ query: `TRUNCATE TABLE ${table}` });
  }
  expect((await exporters())['5']?.receipts).toBeNull();
  await reconcile(ingest.targets, { scope: 'all', spool: ingest.spool });
  const after = await exporters();
  for (const exporter of ['5', '6', '7', '8', '9', '10']) {
    expect(after[exporter]?.receipts).toEqual(before[exporter]?.receipts);
    expect(after[exporter]?.loss).toEqual(before[exporter]?.loss);
  }
});
