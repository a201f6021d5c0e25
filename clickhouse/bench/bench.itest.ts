import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import { NETWORK_FILE } from '../demo/network/demoNetwork';
import { LANES } from '../demo/network/peers';
import { REGIONS } from '../demo/plan/regions';
import { applyRetention, parseRetention } from '../migrate';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { newState, readState } from './data/identity';
import { loadWorld, makeFlows } from './data/makeFlows';
import { QUESTIONS } from './panels/questions';
import { comparePeers } from './peers/comparePeers';
import { judge } from './report/judge';
import { report } from './report/report';
import { type BenchResult, failuresOf, runBench } from './run';

const FLOWS = 8_000;
const WANTED = ['traffic over time by type', 'addresses by region and type', 'top addresses'];

let engine: TestClickHouse;
let folder: string;
/** of the second test, whose tables the third breaks */
let measured: BenchResult;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-bench-'));
  engine = await startTestClickHouse({ maxMemoryBytes: 3 * 1024 ** 3 });
  await loadNetwork(engine.target, NETWORK_FILE);
  await loadTaxonomy(engine.target);
  await applyRetention(engine.target, parseRetention('all=keep'));
  // A /16 and a /40 of its own for each network that the demo plays: the real tables take half a minute to load.
  const asns = [
    ...new Set(
      REGIONS.flatMap((region) =>
        Object.values(LANES[region]).flatMap((lanes) => lanes.flatMap((l) => l.asns)),
      ),
    ),
  ];
  await engine.owner.insert({
    table: 'asn_prefixes',
    format: 'JSONEachRow',
    values: asns.flatMap((asn, n) => [
      { prefix: `20.${n}.0.0/16`, asn },
      { prefix: `2a00:${n.toString(16)}::/40`, asn },
    ]),
  });
  await engine.owner.command({ query: 'SYSTEM RELOAD DICTIONARIES' });
});
afterAll(async () => {
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(): Promise<BenchResult> {
  return runBench({
    target: engine.target,
    folder,
    state: (await readState(folder)) ?? (await newState(FLOWS)),
    enginePid: engine.engine().pid,
    rounds: 1,
    peers: true,
    ingestRecords: 3_000,
    pathRecords: 2_000,
    questions: QUESTIONS.filter(({ name, range }) => WANTED.includes(name) && range === 'quarter'),
    onStep: () => undefined,
  });
}

async function number(query: string): Promise<number> {
  const answer = await engine.owner.query({ query, format: 'JSONEachRow' });
  const [row] = await answer.json<{ n: string | number }>();
  return Number(row?.n);
}

it('goes on where it was stopped, and then every table has every flow once', async () => {
  // Two blocks at a time: a run that is stopped at its first sign has made two of them at most.
  const state = { ...(await newState(FLOWS)), blocks: 5 };
  const world = await loadWorld(engine.owner, engine.target);
  const stopping = new AbortController();
  const made = makeFlows(engine.owner, folder, state, world, () => stopping.abort(), stopping.signal);
  await expect(made).rejects.toThrow(/abort/i);
  expect(state.done.length).toBeGreaterThan(0);
  expect(state.done.length).toBeLessThan(5);
  // A kill between a block and its note: the block is sent once more.
  const noted = { ...state, done: state.done.slice(1) };
  await makeFlows(engine.owner, folder, noted, world, () => undefined);
  expect(await number('SELECT count() AS n FROM flows')).toBe(FLOWS);
  expect(await number('SELECT sum(flow_records) AS n FROM traffic_1h')).toBe(FLOWS);
  // Nearly all pairs are distinct, and every region and most types occur.
  expect(await number('SELECT uniqExact(src_ip, dst_ip) AS n FROM flows')).toBeGreaterThan(FLOWS * 0.9);
  expect(await number('SELECT uniqExact(region) AS n FROM flows')).toBe(4);
});

it('measures everything, compares only equal sums, and leaves nothing of its own behind', async () => {
  const result = await run();
  measured = result;
  expect(result.failures).toEqual([]);
  expect(result.panels.map(({ rowsRead }) => rowsRead > 0)).toEqual([true, true, true]);
  expect(result.peers?.comparisons.map((c) => [c.question, c.peer, c.void])).toEqual([
    ['stacked area by type', 'wide', null],
    ['region x type heatmap of volume', 'wide', null],
    ['stacked area by type', 'raw', null],
    ['region x type heatmap of volume', 'raw', null],
    ['top endpoints', 'raw', null],
  ]);
  expect(result.ingest.map(({ records, wrong }) => [records, wrong])).toEqual([
    ...Array.from({ length: 4 }, () => [3_000, null]),
    [2_000, null],
    [2_000, null],
  ]);
  // Up to 4,096 addresses the states count exactly.
  expect(result.uniques.filter(({ exact, error }) => exact < 4_000 && error !== 0)).toEqual([]);
  expect(await number('SELECT count() AS n FROM flows')).toBe(FLOWS);
  expect(await number('SELECT sum(flow_records) AS n FROM traffic_5m')).toBe(FLOWS);
  expect(await number('SELECT count() AS n FROM ingest_batches')).toBe(0);
  expect(
    await number(
      "SELECT count() AS n FROM system.tables WHERE database = 'weir' AND name LIKE '%ingest_%' AND name NOT IN ('ingest_batches', 'ingest_keys', 'ingest_keys_mv')",
    ),
  ).toBe(0);
  const text = report(result);
  for (const { what } of judge(result)) expect(text).toContain(what);
});

it('a peer with one wrong row makes its comparisons void, and the run a failure', async () => {
  await engine.owner.command({
    query: `INSERT INTO peer_wide_1h (time, exporter, exporter_region, direction, counted, dst_net_type, bytes, flows)
      VALUES ('2026-08-01 00:00:00', '10.1.0.1', 'US-West', 'egress', 1, 'CDN', 1, 1)`,
  });
  const comparisons = await comparePeers({ rounds: 1 }, () => undefined);
  const failures = failuresOf(comparisons, []);
  expect(failures).toHaveLength(2);
  expect(failures[0]).toMatch(
    /stacked area by type against wide is void: CDN: ours has \d+ bytes, the peer \d+/,
  );
  const bars = judge({ ...measured, peers: { comparisons, fillPerSecond: null } });
  expect(bars.filter(({ measured: text }) => text.startsWith('VOID')).map(({ held }) => held)).toEqual([
    false,
    false,
  ]);
});
