import { expect, test } from 'vitest';
import { dayOf, RowEncoder, rowBytesAtMost, splitByDay } from './encodeRow';
import { flowRecord } from './testing/records';

test('rows are taken apart by the UTC day of their start, with exact sums', () => {
  const encoder = new RowEncoder(0xfedc_ba98_7654_3210n, 1);
  const midnight = Date.UTC(2026, 10, 22);
  encoder.add(flowRecord({ tsStartMs: midnight - 1, bytesRaw: 10, packetsRaw: 1, samplingRate: 100 }), null);
  encoder.add(
    flowRecord({ tsStartMs: midnight, bytesRaw: 2n ** 60n, packetsRaw: 3, exporter: 'é'.repeat(200) }),
    {
      high: 1,
      low: 2,
    },
  );
  encoder.add(
    flowRecord({ tsStartMs: midnight + 86_399_999, bytesRaw: 7, packetsRaw: 4, samplingRate: 0 }),
    null,
  );
  const days = splitByDay(encoder.bytes());
  expect(days.map(({ day, rows, bytes, packets }) => ({ day, rows, bytes, packets }))).toEqual([
    { day: 20261121, rows: 1, bytes: 1000n, packets: 100n },
    { day: 20261122, rows: 2, bytes: 2n ** 60n, packets: 3n },
  ]);
  expect(Buffer.concat(days.map(({ payload }) => payload))).toEqual(encoder.bytes());
});

test('sums go round at 2^64, as those of ClickHouse do', () => {
  const encoder = new RowEncoder(1n, 3);
  for (let i = 0; i < 3; i += 1) encoder.add(flowRecord({ bytesRaw: 2n ** 63n - 1n, packetsRaw: 1 }), null);
  expect(splitByDay(encoder.bytes())[0]?.bytes).toBe((3n * (2n ** 63n - 1n)) % 2n ** 64n);
});

test('a cut payload is refused', () => {
  const encoder = new RowEncoder(1n, 1);
  encoder.add(flowRecord(), null);
  const bytes = encoder.bytes();
  for (const length of [bytes.length - 1, 60, 20]) {
    expect(() => splitByDay(bytes.subarray(0, length))).toThrow(RangeError);
  }
});

test('no row is longer than its bound', () => {
  for (const exporter of ['', '192.0.2.1', 'x'.repeat(300), '漢'.repeat(100)]) {
    const record = flowRecord({ exporter });
    const encoder = new RowEncoder(1n, 1);
    encoder.add(record, null);
    expect(encoder.bytes().length).toBeLessThanOrEqual(rowBytesAtMost(record));
  }
});

test('days are those of UTC', () => {
  expect(dayOf(0)).toBe(19700101);
  expect(dayOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999))).toBe(20261231);
});
