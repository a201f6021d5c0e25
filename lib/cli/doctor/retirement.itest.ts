import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { type Contract, parseRequest } from '@/lib/flows/contracts/contract';
import { coverageCalendar } from '@/lib/flows/contracts/coverageCalendar';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { exporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { closeReader } from '@/lib/server/clickhouse/client';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { answerCoverageCalendar } from '@/lib/server/queries/coverageCalendar';
import { answerDataStatus } from '@/lib/server/queries/dataStatus';
import { answerExporterQuality } from '@/lib/server/queries/exporterQuality';
import { forgetFacts } from '@/lib/server/queries/facts';
import { testContext, useEngine } from '@/lib/server/queries/testing/useEngine';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { examineExporters } from './examineExporters';

// Six whole days. `stays` sends in every five minutes. `leaves` stands in the file and sends until noon of day 2, `seen` does not stand in
// it and sends until the end of day 3. Expected figures are worked out by hand from that.

const DAY = 86_400;
const H0 = Math.floor(Date.now() / 1000 / DAY) * DAY - 7 * DAY;
const END = H0 + 6 * DAY;
const NOW = END + 400;
const LAST_SLOT = { stays: END, leaves: H0 + 2.5 * DAY, seen: H0 + 4 * DAY };
const dayOf = (n: number) => new Date((H0 + n * DAY) * 1000).toISOString().slice(0, 10);
const iso = (t: number) => new Date(t * 1000).toISOString().replace('.000Z', 'Z');

function flowOf(exporter: string, slot: number) {
  return {
    batch_key: 1,
    ts_start: (slot + 10).toFixed(3),
    duration_ms: 60_000,
    ts_recv: (slot + 75).toFixed(3),
    exporter,
    in_if: 2,
    out_if: 1,
    src_ip: '::ffff:10.1.1.1',
    dst_ip: '::ffff:20.0.5.1',
    bytes_raw: '1000',
    packets_raw: '1',
    sampling_rate: 1,
    source_format: 'test',
  };
}

let engine: TestClickHouse;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-retired-'));
  engine = await startTestClickHouse();
  const values = Object.entries(LAST_SLOT).flatMap(([exporter, end]) =>
    Array.from({ length: (end - H0) / 300 }, (_, slot) => flowOf(exporter, H0 + slot * 300)),
  );
  await engine.owner.insert({ table: 'flows_landing', values, format: 'JSONEachRow' });
  await useEngine(engine.target);
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await closeReader();
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function withFile(exporters: string): Promise<void> {
  const file = join(folder, 'network.yaml');
  await writeFile(file, `exporters:\n  - { address: stays, region: A }\n${exporters}`);
  await loadNetwork(engine.target, file, NOW * 1000);
  forgetFacts();
}

async function ask<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: { scope: never; options: Options }, context: QueryContext) => Promise<Answer<Rows>>,
): Promise<Rows> {
  const parsed = parseRequest(contract, new URLSearchParams(`from=${iso(H0)}&to=${iso(END)}`));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return contract.answer.parse(await answer(parsed.request as never, testContext())).rows;
}

async function expectedDays(): Promise<Record<string, number[]>> {
  const { exporters, days, total } = await ask(coverageCalendar, answerCoverageCalendar);
  const at = days.indexOf(H0);
  return Object.fromEntries(
    [...exporters, total].map(({ exporter, expectedSeconds }) => [
      exporter || 'all',
      expectedSeconds.slice(at),
    ]),
  );
}

// The watermark: the newest record of `stays` came 75 s after the start of the last slot, less the least lag of 0.
const LAST_DAY = DAY - 300;

test('as long as nobody is retired, who fell silent is missing', async () => {
  await withFile('  - { address: leaves, region: A }\n');
  expect(await expectedDays()).toEqual({
    leaves: [DAY, DAY, DAY, DAY, DAY, LAST_DAY],
    seen: [DAY, DAY, DAY, DAY, DAY, LAST_DAY],
    stays: [DAY, DAY, DAY, DAY, DAY, LAST_DAY],
    all: [3 * DAY, 3 * DAY, 3 * DAY, 3 * DAY, 3 * DAY, 3 * LAST_DAY],
  });
  const { exporters } = await ask(exporterQuality, answerExporterQuality);
  const leaves = exporters.find(({ exporter }) => exporter === 'leaves');
  expect(leaves).toMatchObject({ retired: false, silent: true });
  expect(leaves?.coverage).toBeCloseTo((2.5 * DAY) / (6 * DAY - 300), 12);
  const [finding] = await examineExporters({ clickhouse: engine.target, databaseUrl: '' }, NOW * 1000);
  expect(finding).toMatchObject({ state: 'warn', text: 'nothing came for 24 hours from leaves' });
});

test('retired on day 2 and, unconfigured, on day 3: the days before stay expected, those after are not', async () => {
  await withFile(
    `  - { address: leaves, region: A, retired: ${dayOf(2)} }\n  - { address: seen, retired: ${dayOf(3)} }\n`,
  );
  expect(await expectedDays()).toEqual({
    leaves: [DAY, DAY, DAY, 0, 0, 0],
    seen: [DAY, DAY, DAY, DAY, 0, 0],
    stays: [DAY, DAY, DAY, DAY, DAY, LAST_DAY],
    all: [3 * DAY, 3 * DAY, 3 * DAY, 2 * DAY, DAY, LAST_DAY],
  });
  const { exporters } = await ask(exporterQuality, answerExporterQuality);
  const of = (name: string) => exporters.find(({ exporter }) => exporter === name);
  // Half of its last day is missing: 2.5 of 3.
  expect(of('leaves')).toMatchObject({ retired: true, expected: false, coverage: 2.5 / 3 });
  expect(of('seen')).toMatchObject({ retired: true, expected: false, coverage: 1 });
  const { exporters: status, warnings } = await ask(dataStatus, answerDataStatus);
  expect(status.filter(({ expected }) => expected).map(({ exporter }) => exporter)).toEqual(['stays']);
  expect(warnings.map(({ code }) => code)).not.toContain('silent');
  const [finding] = await examineExporters({ clickhouse: engine.target, databaseUrl: '' }, NOW * 1000);
  expect(finding).toMatchObject({ state: 'ok', text: '1 configured and sending, 2 retired' });
});

test('a day that is still to come changes nothing yet, and passes without the file being loaded again', async () => {
  await withFile(`  - { address: leaves, region: A, retired: ${dayOf(6)} }\n`);
  const retired = async () =>
    (await ask(exporterQuality, answerExporterQuality)).exporters.find(
      ({ exporter }) => exporter === 'leaves',
    )?.retired;
  expect(await retired()).toBe(false);
  vi.setSystemTime((H0 + 7 * DAY) * 1000);
  forgetFacts();
  expect(await retired()).toBe(true);
});

test('an exporter that sends on after its day is named', async () => {
  await withFile(`  - { address: seen, retired: ${dayOf(1)} }\n`);
  const findings = await examineExporters({ clickhouse: engine.target, databaseUrl: '' }, NOW * 1000);
  expect(findings.map(({ text }) => text)).toEqual(['retired, and still sending: seen']);
});

test('who sent in the last day and does not stand in the file is named, most records first, with what to do', async () => {
  const doctor = () => examineExporters({ clickhouse: engine.target, databaseUrl: '' }, NOW * 1000);
  const file = join(folder, 'others.yaml');
  await writeFile(file, 'exporters:\n  - { address: leaves, region: A, retired: 2020-01-01 }\n');
  await loadNetwork(engine.target, file, NOW * 1000);
  // `leaves` is named, and `seen` stopped two days ago: `stays` alone is left.
  expect((await doctor()).filter(({ text }) => text.includes('network file'))).toMatchObject([
    {
      state: 'warn',
      text: '1 sent in the last 24 hours and is not in the network file: stays',
      fix: expect.stringMatching(/under `exporters:`.*reference -- load.*"Your own flows"/),
    },
  ]);
  // Beside its 1,728 records: two of u2, one of each other.
  const values = ['u1', 'u2', 'u3', 'u2', 'u4'].map((name, i) => flowOf(name, END - 300 * (i + 1)));
  await engine.owner.insert({ table: 'flows_landing', values, format: 'JSONEachRow' });
  expect((await doctor()).map(({ text }) => text)).toContain(
    '5 sent in the last 24 hours and are not in the network file: stays, u2, u1 and 2 more',
  );
  await writeFile(file, '# nobody\n');
  await loadNetwork(engine.target, file, NOW * 1000);
  const later = await examineExporters(
    { clickhouse: engine.target, databaseUrl: '' },
    (NOW + 2 * DAY) * 1000,
  );
  expect(later).toMatchObject([
    {
      state: 'ok',
      text: 'none is in the network file yet, and nobody sent in the last 24 hours (7 before)',
    },
  ]);
});
