import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDay, parseDay } from '@/lib/server/reference/day';
import { findOverlap, layer } from '@/lib/server/reference/periods';

const period = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }), fc.constantFrom('a', 'b', 'c'))
  .map(([from, length, value]) => ({ from, to: from + length, value }));

test('each day has the value of the strongest period that covers it, and the result does not overlap', () => {
  fc.assert(
    fc.property(fc.array(period, { maxLength: 8 }), (strongestFirst) => {
      const layered = layer(strongestFirst);
      for (let day = 0; day <= 90; day += 1) {
        const expected = strongestFirst.find(({ from, to }) => from <= day && day <= to)?.value;
        const found = layered.filter(({ from, to }) => from <= day && day <= to);
        expect(found.map(({ value }) => value)).toEqual(expected === undefined ? [] : [expected]);
      }
      expect(findOverlap(layered)).toBeNull();
    }),
  );
});

test('two periods that share one day overlap', () => {
  expect(
    findOverlap([
      { from: 5, to: 9, value: 1 },
      { from: 0, to: 5, value: 2 },
    ]),
  ).not.toBeNull();
  expect(
    findOverlap([
      { from: 5, to: 9, value: 1 },
      { from: 0, to: 4, value: 2 },
    ]),
  ).toBeNull();
});

test('a day is a real day that ClickHouse’s Date can hold', () => {
  expect(parseDay('1970-01-01')).toBe(0);
  expect(parseDay('2149-06-06')).toBe(65_535);
  expect(parseDay('2024-02-29')).toBe(19_782);
  expect(formatDay(19_782)).toBe('2024-02-29');
  for (const text of [
    '2025-02-29',
    '2026-02-30',
    '1969-12-31',
    '2149-06-07',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00:00Z',
  ]) {
    expect(parseDay(text)).toBeNull();
  }
});
