import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { openIngest } from './ingest';
import { ingestFile } from './ingestFile';
import { emptyTables, rollupLines, rowsOf } from './testing/stored';
import { type TestIngest, testIngest } from './testing/testIngest';

/**
 * What metrics.md says of awkward records, from the file to the rollup. Every expected number is worked out by hand beside it.
 */
let engine: TestClickHouse;
let ingest: TestIngest;
let folder: string;

beforeAll(async () => {
  engine = await startTestClickHouse();
  ingest = await testIngest(engine.target);
  folder = await mkdtemp(join(tmpdir(), 'weir-accounting-'));
  // The same link seen by two exporters: the second sees it on an internal interface.
  await engine.owner.command({
    query: `INSERT INTO links (exporter, interface, valid_from, valid_to, name, boundary, kind, provider, speed_bps, network_type) VALUES
      ('192.0.2.2', 5, '2020-01-01', '2100-01-01', 'core', 'internal', 'backbone', 'own network', 0, '')`,
  });
  await engine.owner.command({ query: "INSERT INTO own_prefixes VALUES ('10.0.0.0/8')" });
  for (const dictionary of ['link_dict', 'own_prefix_dict'])
    await engine.owner.command({ query: `SYSTEM RELOAD DICTIONARY weir.${dictionary}` });
});
beforeEach(() => emptyTables(engine.owner));
afterAll(async () => {
  await engine?.stop();
  await ingest?.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Flow {
  first: string;
  last: string;
  received: string;
  bytes: number;
  packets: number;
  router?: string;
  in?: number;
  out?: number;
}

let files = 0;

/** Egress records as `nfdump -o json` prints them, each import a file of its own. Times are those of 2026-11-10, UTC. */
async function importFlows(flows: readonly Flow[]) {
  files += 1;
  const path = join(folder, `${files}.json`);
  const at = (time: string): string => `2026-11-10T${time}.000`;
  const records = flows.map((flow) => ({
    type: 'FLOW',
    export_sysid: 1,
    first: at(flow.first),
    last: at(flow.last),
    received: at(flow.received),
    in_packets: flow.packets,
    in_bytes: flow.bytes,
    proto: 6,
    src_port: 50_000,
    dst_port: 443,
    src4_addr: '10.0.0.1',
    dst4_addr: '203.0.113.9',
    input_snmp: flow.in ?? 1,
    output_snmp: flow.out ?? 2,
    ip4_router: flow.router ?? '192.0.2.1',
    sampled: 0,
  }));
  await writeFile(path, JSON.stringify(records, null, 1));
  const open = openIngest(ingest.targets, { spool: ingest.spool });
  try {
    return (await ingestFile(open, { path, format: 'nfdump-json', zone: 'UTC' })).summary;
  } finally {
    await open.close();
  }
}

const series = (): Promise<string[]> => rollupLines(engine.owner, 'traffic_5m');

test('a flow cut in parts by the active timeout adds up to the flow, slot by slot', async () => {
  // 600 s from 09:02:30 with 6,000 B and 60 packets: 150 s, 300 s, 150 s fall into three slots.
  const whole = [
    '2026-11-10T09:00:00.000Z 1500 15',
    '2026-11-10T09:05:00.000Z 3000 30',
    '2026-11-10T09:10:00.000Z 1500 15',
  ];
  await importFlows([
    { first: '09:02:30', last: '09:12:30', received: '09:12:31', bytes: 6000, packets: 60 },
  ]);
  expect(await series()).toEqual([`${whole[0]} 1`, `${whole[1]} 0`, `${whole[2]} 0`]);

  await emptyTables(engine.owner);
  // The same in five parts of 120 s, 1,200 B, 12 packets. Each counts as a record in the slot of its start.
  await importFlows(
    [0, 1, 2, 3, 4].map((part) => ({
      first: ['09:02:30', '09:04:30', '09:06:30', '09:08:30', '09:10:30'][part] ?? '',
      last: ['09:04:30', '09:06:30', '09:08:30', '09:10:30', '09:12:30'][part] ?? '',
      received: '09:12:31',
      bytes: 1200,
      packets: 12,
    })),
  );
  expect(await series()).toEqual([`${whole[0]} 2`, `${whole[1]} 2`, `${whole[2]} 1`]);
});

test('the same traffic from a second exporter counts once where its boundary is known, else twice and as suspect', async () => {
  const flow = { first: '09:00:00', last: '09:01:00', received: '09:01:05', bytes: 1000, packets: 10 };
  await importFlows([flow]);
  // 192.0.2.2 sees it leave by its internal interface 5: kept, but in no rollup.
  await importFlows([{ ...flow, router: '192.0.2.2', in: 4, out: 5 }]);
  expect(await series()).toEqual(['2026-11-10T09:00:00.000Z 1000 10 1']);
  expect(await rowsOf(engine.owner, 'SELECT exporter, counted FROM flows ORDER BY exporter')).toEqual([
    { exporter: '192.0.2.1', counted: 1 },
    { exporter: '192.0.2.2', counted: 0 },
  ]);
  // Of 192.0.2.3 nobody said anything: it counts, and is never dropped as a duplicate of another exporter.
  const summary = await importFlows([{ ...flow, router: '192.0.2.3' }]);
  expect(summary).toMatchObject({ accepted: 1, duplicates: 0 });
  expect(await series()).toEqual(['2026-11-10T09:00:00.000Z 2000 20 2']);
});

test('a late file is accepted, and counts where its flows were and not where it came', async () => {
  await importFlows([{ first: '20:00:00', last: '20:00:10', received: '20:00:12', bytes: 10, packets: 1 }]);
  const late = await importFlows([
    { first: '03:00:00', last: '03:00:10', received: '20:30:00', bytes: 500, packets: 5 },
  ]);
  expect(late).toMatchObject({ accepted: 1, rejected: 0, flagged: 0 });
  expect(await series()).toEqual(['2026-11-10T03:00:00.000Z 500 5 1', '2026-11-10T20:00:00.000Z 10 1 1']);
  expect(
    await rowsOf(engine.owner, 'SELECT toString(last_recv) AS last FROM coverage_5m FINAL ORDER BY bucket'),
  ).toEqual([{ last: '2026-11-10 20:30:00' }, { last: '2026-11-10 20:00:12' }]);
});

test('a clock eight hours ahead: shifted so that the flow ends at receipt, flagged; eight hours behind: left, seen as lag', async () => {
  const ahead = await importFlows([
    { first: '17:00:00', last: '17:01:00', received: '09:01:00', bytes: 600, packets: 6 },
  ]);
  expect(ahead).toMatchObject({ accepted: 1, flagged: 1 });
  // Ends at 09:01:00, lasts 60 s as before.
  expect(await series()).toEqual(['2026-11-10T09:00:00.000Z 600 6 1']);
  expect(
    await rowsOf(
      engine.owner,
      `SELECT toString(ts_start) AS start, duration_ms, bitAnd(quality_flags, ${QUALITY_FLAGS.endsAfterReceipt}) != 0 AS shifted FROM flows`,
    ),
  ).toEqual([{ start: '2026-11-10 09:00:00.000', duration_ms: 60_000, shifted: 1 }]);

  await emptyTables(engine.owner);
  const behind = await importFlows([
    { first: '01:00:00', last: '01:01:00', received: '09:01:00', bytes: 600, packets: 6 },
  ]);
  expect(behind).toMatchObject({ accepted: 1, flagged: 0 });
  expect(await series()).toEqual(['2026-11-10T01:00:00.000Z 600 6 1']);
  expect(
    await rowsOf(
      engine.owner,
      "SELECT dateDiff('second', ts_end, toDateTime64(ts_recv, 3, 'UTC')) AS lag FROM flows",
    ),
  ).toEqual([{ lag: 28_800 }]);
});

test('longer than twice the active timeout: what is before the last active timeout is cut off, flagged', async () => {
  // 1,800 s is the default timeout; 2 h > 3,600 s, so the flow is taken to begin 1,800 s before its end.
  const summary = await importFlows([
    { first: '07:00:00', last: '09:00:00', received: '09:00:05', bytes: 1800, packets: 18 },
  ]);
  expect(summary).toMatchObject({ accepted: 1, flagged: 1 });
  // 08:30 to 09:00, 300 B and 3 packets each five minutes.
  expect(await series()).toEqual(
    ['08:30', '08:35', '08:40', '08:45', '08:50', '08:55'].map(
      (slot, i) => `2026-11-10T${slot}:00.000Z 300 3 ${i === 0 ? 1 : 0}`,
    ),
  );
});
