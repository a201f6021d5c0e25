import { expect, test } from 'vitest';
import { lossOfExporter, type SequenceHour, sequenceLossOf } from './sequenceLoss';

const H = 3_600;
// An hour in which v9 packets `from` to `to` - 1 moved the number and `received` of them came.
function hour(
  n: number,
  from: number,
  to: number,
  received = to - from,
  change: Partial<SequenceHour> = {},
): SequenceHour {
  const at = { from: n * H * 1000, to: (n * H + 3_599) * 1000 };
  const stretch = { ...at, first: from, span: to - from, received };
  return {
    exporter: 'e',
    obsDomain: 0,
    version: 'netflow9',
    sourceFormat: 'goflow2-json',
    hour: n * H,
    numbered: 24 * received,
    span: to - from,
    received,
    restarts: 0,
    parallel: false,
    tooMany: false,
    first: stretch,
    last: stretch,
    ...change,
  };
}

test('missing and expected add up over hours, whatever their order', () => {
  // 1,000 less 10, 2,000 less 5, nothing between them.
  expect(sequenceLossOf([hour(8, 1_000, 3_000, 1_995), hour(7, 0, 1_000, 990)])).toEqual({
    missing: 15,
    expected: 3_000,
    restarts: 0,
    unknown: null,
  });
});

test('what is missing between two hours counts, and what lies in an hour without any does not', () => {
  const early = hour(7, 0, 1_000);
  expect(sequenceLossOf([early, hour(8, 1_040, 2_000)])).toMatchObject({ missing: 40, expected: 2_000 });
  expect(sequenceLossOf([early, hour(9, 1_040, 2_000)])).toMatchObject({ missing: 0, expected: 1_960 });
});

test('a packet cut in two by the end of the hour counts once', () => {
  // Packet 999 stands in both.
  expect(sequenceLossOf([hour(7, 0, 1_000), hour(8, 999, 2_000)])).toMatchObject({
    missing: 0,
    expected: 2_000,
  });
  // So it does not stand in for one that is lost: of 999 to 1,999 all but one came.
  expect(sequenceLossOf([hour(7, 0, 1_000), hour(8, 999, 2_000, 1_000)])).toMatchObject({
    missing: 1,
    expected: 2_000,
  });
});

test('a restart between hours is none of loss, and is counted', () => {
  expect(sequenceLossOf([hour(7, 500_000, 501_000), hour(8, 0, 1_000)])).toEqual({
    missing: 0,
    expected: 2_000,
    restarts: 1,
    unknown: null,
  });
});

test('counts that run side by side are not joined', () => {
  const side = { parallel: true };
  expect(sequenceLossOf([hour(7, 0, 1_000, 990, side), hour(8, 1_040, 2_040, 1_000, side)])).toMatchObject({
    missing: 10,
    expected: 2_000,
    restarts: 0,
  });
});

test('more received than expected in one hour makes up for nothing in another', () => {
  expect(sequenceLossOf([hour(7, 0, 1_000, 1_020), hour(8, 1_000, 2_000, 980)])).toMatchObject({
    missing: 20,
    expected: 2_000,
  });
});

test.each([
  ['noNumbers', hour(1, 0, 0, 0, { numbered: 0, first: null, last: null })],
  ['noVersion', hour(1, 0, 1_000, 1_000, { version: 'unknown' })],
  ['tooMany', hour(1, 0, 1_000, 1_000, { tooMany: true })],
  ['tooFew', hour(1, 0, 99)],
  // An exporter of IPFIX that counts messages of 20 records each.
  ['countsOtherwise', hour(1, 0, 1_000, 20_000, { version: 'ipfix' })],
  // One that always sends 0, in 5,000 packets of 20 records.
  ['countsOtherwise', hour(1, 0, 20, 100_000, { version: 'ipfix' })],
  ['tooFew', hour(1, 0, 1, 1, { numbered: 100_000 })],
  // One of v9 that counts records: a packet in twenty numbers.
  ['mostlyMissing', hour(1, 0, 20_000, 1_000)],
  ['mostlyMissing', hour(1, 0, 300, 200)],
] as const)('%s', (unknown, only) => {
  expect(sequenceLossOf([only]).unknown).toBe(unknown);
});

test('just under a third missing is told', () => {
  expect(sequenceLossOf([hour(1, 0, 300, 201)])).toMatchObject({ missing: 99, expected: 300, unknown: null });
});

test('an exporter: the counts of which loss is known are summed up, the others are counted', () => {
  const hours = [
    hour(1, 0, 1_000, 990),
    hour(2, 1_000, 2_000, 1_000),
    hour(1, 0, 500, 490, { obsDomain: 1 }),
    hour(1, 0, 20_000, 1_000, { obsDomain: 2 }),
  ];
  expect(lossOfExporter(hours)).toEqual({
    missing: 20,
    expected: 2_500,
    share: 20 / 2_500,
    atMost: true,
    restarts: 0,
    unknown: null,
    knownCounts: 2,
    counts: 3,
  });
  expect(lossOfExporter([hour(1, 0, 300, 299, { version: 'netflow5' })])).toMatchObject({
    share: 1 / 300,
    atMost: false,
  });
});

test('an exporter of which nothing is known: why, by the count with the most records', () => {
  const hours = [hour(1, 0, 20_000, 1_000), hour(1, 0, 0, 0, { obsDomain: 1, numbered: 0 })];
  expect(lossOfExporter(hours)).toMatchObject({
    share: null,
    unknown: 'mostlyMissing',
    knownCounts: 0,
    counts: 2,
  });
  expect(lossOfExporter([])).toBeNull();
});
