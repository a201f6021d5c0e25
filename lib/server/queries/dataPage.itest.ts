import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { applyRetention, parseRetention } from '@/clickhouse/migrate';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { type Contract, parseRequest } from '@/lib/flows/contracts/contract';
import { coverageCalendar } from '@/lib/flows/contracts/coverageCalendar';
import { doubleCounting } from '@/lib/flows/contracts/doubleCounting';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { exporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { importLedger } from '@/lib/flows/contracts/importLedger';
import { lateData } from '@/lib/flows/contracts/lateData';
import { rejectedRecords } from '@/lib/flows/contracts/rejectedRecords';
import { storedTables } from '@/lib/flows/contracts/storedTables';
import { unclassifiedSources } from '@/lib/flows/contracts/unclassifiedSources';
import { closeReader } from '@/lib/server/clickhouse/client';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { answerCoverageCalendar } from './coverageCalendar';
import { answerDoubleCounting } from './doubleCounting';
import { answerExporterQuality } from './exporterQuality';
import { answerImportLedger } from './importLedger';
import { answerLateData } from './lateData';
import { answerRejectedRecords } from './rejectedRecords';
import { answerStoredTables } from './storedTables';
import { HOSTILE, insertKnownQuality, SLOTS } from './testing/knownQuality';
import { testContext, useEngine } from './testing/useEngine';
import { answerUnclassifiedSources } from './unclassifiedSources';

// Every expected figure is worked out by hand from testing/knownQuality.ts.

const DAY = 86_400;
/** Three days ago, so that nothing is past its retention. */
const H0 = Math.floor(Date.now() / 1000 / DAY) * DAY - 3 * DAY;
const END = H0 + SLOTS * 300;
const NOW = END + 130;
const day = (n: number) => new Date((H0 + n * DAY) * 1000).toISOString().slice(0, 10);
const iso = (t: number) => new Date(t * 1000).toISOString().replace('.000Z', 'Z');
const RANGE = `from=${iso(H0)}&to=${iso(END)}`;

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await applyRetention(engine.target, parseRetention(undefined));
  await insertKnownQuality(engine.owner, H0);
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
});

async function ask<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: { scope: never; options: Options }, context: QueryContext) => Promise<Answer<Rows>>,
  query = RANGE,
): Promise<Answer<Rows>> {
  const parsed = parseRequest(contract, new URLSearchParams(query));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return contract.answer.parse(await answer(parsed.request as never, testContext()));
}

test('each exporter has its records, rates, lags and flags', async () => {
  const { rows, meta } = await ask(exporterQuality, answerExporterQuality);
  const of = (exporter: string) => rows.exporters.find((row) => row.exporter === exporter);
  expect(meta).toMatchObject({ from: H0, to: END, watermark: END - 300 });
  // 564 in slots, 3 transit, 4 internal, 5 late, 2 fast; 7 more on the internal interface.
  expect(of('e1')).toEqual({
    exporter: 'e1',
    name: 'edge-e1',
    regions: ['US-West'],
    configured: true,
    expected: true,
    retired: false,
    silent: false,
    lastReceived: END - 300 + 75,
    recordsPerSecondNow: 3 / 900,
    recordsPerSecond: 578 / ((575 - 12) * 300),
    flowRecords: '578',
    unknownRateRecords: '0',
    unknownRateShare: 0,
    records: '585',
    notCountedRecords: '7',
    notCountedBytes: '35000',
    configuredRate: 1_000,
    rates: [{ rate: 1, records: '585' }],
    lag: { records: '585', median: 5, p99: 5 },
    flags: [],
    implausibleRecords: '1',
    formats: [{ format: 'test', records: '585' }],
    unknownBoundaryShare: 0,
    receipts: null,
    loss: null,
    coverage: 563 / 575,
  });
  expect(of('e2')).toMatchObject({
    flowRecords: '576',
    unknownRateRecords: '300',
    unknownRateShare: 300 / 576,
    configuredRate: null,
    rates: [
      { rate: 0, records: '300' },
      { rate: 1, records: '276' },
    ],
    flags: [{ flag: 'unknownSamplingRate', records: '300' }],
    unknownBoundaryShare: 1,
    coverage: 1,
  });
  expect(of('e3')).toMatchObject({
    retired: true,
    expected: false,
    silent: true,
    flags: [{ flag: 'tooLong', records: '10' }],
    coverage: null,
  });
  expect(of('e4')).toMatchObject({
    configured: false,
    expected: false,
    lag: { records: '20', median: 28_800, p99: 28_800 },
  });
  expect(of('e5')).toMatchObject({
    expected: true,
    lastReceived: null,
    recordsPerSecondNow: null,
    records: '0',
    rates: [],
    lag: null,
    coverage: 0,
  });
  expect(rows).toMatchObject({
    storedRecords: '1184',
    checkedRecords: '1184',
    notCountedRecords: '7',
    notCountedBytes: '35000',
  });
});

test('the calendar has what was covered of what was expected, and nothing before the first record', async () => {
  const { rows } = await ask(coverageCalendar, answerCoverageCalendar);
  const at = rows.days.indexOf(H0);
  expect(rows.days.length).toBe(28);
  expect(rows.days.slice(at)).toEqual([H0, H0 + DAY]);
  const of = (exporter: string) => rows.exporters.find((row) => row.exporter === exporter);
  expect(of('e1')?.expectedSeconds.slice(at)).toEqual([DAY, DAY - 300]);
  expect(of('e1')?.coveredSeconds.slice(at)).toEqual([DAY - 3_600, DAY - 300]);
  expect(of('e2')?.coveredSeconds.slice(at)).toEqual([DAY, DAY - 300]);
  expect(of('e5')?.expectedSeconds.slice(at)).toEqual([DAY, DAY - 300]);
  expect(of('e5')?.coveredSeconds.slice(at)).toEqual([0, 0]);
  expect(rows.exporters.map(({ exporter }) => exporter)).toEqual(['e1', 'e2', 'e5']);
  expect(rows.total.expectedSeconds.slice(0, at).every((seconds) => seconds === 0)).toBe(true);
  expect(rows.total.coveredSeconds.slice(at)).toEqual([2 * DAY - 3_600, 2 * (DAY - 300)]);
});

test('days of the calendar are those of the zone', async () => {
  const { rows } = await ask(coverageCalendar, answerCoverageCalendar, `${RANGE}&zone=Asia/Kathmandu`);
  // +05:45: midnight there is 18:15 UTC of the day before.
  expect(rows.days.at(-1)).toBe(H0 + DAY + 18.25 * 3_600);
  expect(rows.exporters[0]?.expectedSeconds.slice(-3)).toEqual([18.25 * 3_600, DAY, 5.75 * 3_600 - 300]);
});

test('who is behind Unclassified, by bytes, ingress and egress that count', async () => {
  const { rows } = await ask(unclassifiedSources, answerUnclassifiedSources);
  // e1: slots 0 to 99 to AS 64999, 464 others to no AS; e2 the 276 of them that it sees too.
  const known = { bytes: '100000', flowRecords: '100', share: 100_000 / 812_400 };
  const unknown = { bytes: '712400', flowRecords: '740', share: 712_400 / 812_400 };
  expect(rows).toEqual({
    bytes: '812400',
    flowRecords: '840',
    asnCount: 2,
    prefixCount: 2,
    asns: [
      { asn: 0, organisation: '', ...unknown },
      { asn: 64_999, organisation: 'Nameless Networks', ...known },
    ],
    prefixes: [
      { prefix: '20.0.5.0/24', asn: 0, organisation: '', ...unknown },
      { prefix: '20.0.6.0/24', asn: 64_999, organisation: 'Nameless Networks', ...known },
    ],
  });
});

test('what two exporters both count is found where 5-tuple and time agree', async () => {
  const { rows, meta } = await ask(doubleCounting, answerDoubleCounting);
  expect(meta).toMatchObject({ from: END - 3_600, to: END });
  // 12 slots of 1,000 bytes at e1 and 900 at e2: 900 of each are too many.
  expect(rows).toEqual({
    oneIn: 1,
    flowRecords: '24',
    bytes: '22800',
    doubleBytes: '10800',
    doubleShare: 10_800 / 22_800,
    exporters: [
      {
        exporter: 'e1',
        name: 'edge-e1',
        bytes: '12000',
        sharedBytes: '12000',
        sharedShare: 1,
        with: ['edge-e2'],
      },
      {
        exporter: 'e2',
        name: 'edge-e2',
        bytes: '10800',
        sharedBytes: '10800',
        sharedShare: 1,
        with: ['edge-e1'],
      },
    ],
  });
  // Before slot 300 they see different flows.
  const earlier = await ask(
    doubleCounting,
    answerDoubleCounting,
    `from=${iso(H0)}&to=${iso(H0 + 20 * 3_600)}`,
  );
  expect(earlier.rows).toMatchObject({ doubleBytes: '0', doubleShare: 0, bytes: '12000' });
});

test('late is what came an hour late and later than its exporter uses to', async () => {
  const { rows } = await ask(lateData, answerLateData);
  expect(rows).toMatchObject({
    now: NOW,
    watermark: END - 300,
    lagSeconds: 430,
    heldBackBy: { exporter: 'e1', name: 'edge-e1', lastReceived: END - 225, lagSeconds: 0 },
    silent: [{ exporter: 'e5', name: 'edge-e5' }],
    // All but none has a time of receipt: 585 + 576 + 10 + 20.
    knownRecords: '1191',
    lateRecords: '5',
  });
  // e4's clock is eight hours off in all its records: that is its lag, and not lateness.
  expect(rows.late).toEqual([
    { exporter: 'e1', name: 'edge-e1', threshold: 3_599, flowDay: day(0), receivedDay: day(1), records: '5' },
  ]);
  expect(rows.imports).toEqual([
    {
      firstDay: day(0),
      lastDay: day(0),
      storedDay: day(1),
      batches: 1,
      records: '50',
      sources: ['late-file.json'],
    },
  ]);
  expect(rows.importedLateRecords).toBe('50');
});

test('the ledger adds up, and says what is in doubt', async () => {
  const { rows } = await ask(importLedger, answerImportLedger);
  expect(rows).toMatchObject({
    batches: 6,
    records: '267',
    accepted: '157',
    rejected: '4',
    duplicates: '106',
    flagged: '10',
    inDoubt: 1,
    lost: 1,
    sourceCount: 4,
  });
  expect(rows.newest.map(({ batch, state }) => batch.slice(0, 1) + state)).toEqual([
    'dunder way',
    'cin doubt',
    'bstored',
    'fstored',
    'astored',
    'elost',
  ]);
  expect(rows.unfinished.map(({ batch }) => batch.slice(0, 1))).toEqual(['c', 'e']);
  expect(rows.newest[3]).toMatchObject({ firstStart: null, lastEnd: null, duplicates: '100' });
  expect(rows.sources[0]).toMatchObject({ sourceName: 'copy.json', duplicates: '100', accepted: '0' });
});

test('rejected records are counted by reason, with their text as it came', async () => {
  const { rows } = await ask(rejectedRecords, answerRejectedRecords);
  expect(rows.records).toBe('5');
  expect(rows.reasons.map(({ reason, records, lastAt }) => [reason, records, lastAt])).toEqual([
    ['malformed', '4', H0 + 2_400],
    ['invalid_time', '1', H0 + 500],
  ]);
  expect(rows.reasons[0]?.samples.map(({ text }) => text)).toEqual([HOSTILE, '{"n":3', '{"n":2']);
  expect(rows.reasons[1]?.samples[0]).toMatchObject({
    text: 'x'.repeat(400),
    cut: true,
    sourceName: '/captures/edge.json',
    offset: '9',
    detail: 'line 9: what is wrong',
  });
});

test('each table says what it takes and how long it keeps its rows', async () => {
  const { rows } = await ask(storedTables, answerStoredTables);
  const of = (table: string) => rows.tables.find((row) => row.table === table);
  expect(of('flows')).toMatchObject({ keepDays: 35, keptFrom: H0, rows: '1191' });
  const { bytes = '0', bytesPerRow } = of('flows') ?? {};
  expect(Number(bytes)).toBeGreaterThan(1_000);
  expect(bytesPerRow).toBe(Number(bytes) / 1_191);
  expect(of('quality_1h')).toMatchObject({
    keepDays: 0,
    keptFrom: Date.parse(`${day(0).slice(0, 8)}01`) / 1000,
  });
  expect(of('exporters')).toMatchObject({ keepDays: null, keptFrom: null, rows: '4' });
  expect(rows.references.map(({ name, version }) => [name, version])).toEqual([
    ['network', 0],
    ['taxonomy', 0],
    ['asn', 0],
    ['geo', 0],
  ]);
});

test('a range without records answers zeros where nothing came and nothing where it cannot know', async () => {
  const query = `from=${iso(H0 - 10 * DAY)}&to=${iso(H0 - 9 * DAY)}`;
  const quality = await ask(exporterQuality, answerExporterQuality, query);
  expect(quality.rows).toMatchObject({ storedRecords: '0', checkedRecords: '0', notCountedBytes: '0' });
  expect(quality.rows.exporters[0]).toMatchObject({ recordsPerSecond: null, lag: null, coverage: null });
  const double = await ask(doubleCounting, answerDoubleCounting, query);
  expect(double.rows).toEqual({
    oneIn: 1,
    flowRecords: '0',
    bytes: '0',
    doubleBytes: '0',
    doubleShare: 0,
    exporters: [],
  });
  const late = await ask(lateData, answerLateData, query);
  expect(late.rows).toMatchObject({ lateRecords: '0', late: [], imports: [] });
  const unclassified = await ask(unclassifiedSources, answerUnclassifiedSources, query);
  expect(unclassified.rows).toMatchObject({ bytes: '0', asns: [], prefixes: [] });
});

test('what only raw flows know is refused with the date where they are gone', async () => {
  const query = `from=${iso(H0 - 90 * DAY)}&to=${iso(H0 - 80 * DAY)}`;
  const refused = { code: 'not_retained', retainedFrom: NOW - 35 * DAY };
  await expect(ask(unclassifiedSources, answerUnclassifiedSources, query)).rejects.toMatchObject(refused);
  await expect(ask(doubleCounting, answerDoubleCounting, query)).rejects.toMatchObject(refused);
});
