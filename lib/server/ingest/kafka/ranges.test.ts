import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gaps, holds, joined, merged, type Range } from './ranges';

const ranges = fc.array(
  fc.tuple(fc.nat(60), fc.nat(8)).map(([from, length]): Range => ({ from, to: from + length })),
  { maxLength: 12 },
);
const offsets = (list: readonly Range[]): number[] =>
  list.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));

test('merged ranges have the same offsets, each once, in order and apart', () => {
  fc.assert(
    fc.property(ranges, (list) => {
      const result = merged(list);
      expect(offsets(result)).toEqual([...new Set(offsets(list))].sort((a, b) => a - b));
      for (const [i, range] of result.entries())
        if (i > 0) expect(range.from).toBeGreaterThan(result[i - 1]?.to ?? 0);
    }),
  );
});

test('gaps are the offsets of a range that nobody has', () => {
  fc.assert(
    fc.property(ranges, fc.nat(70), fc.nat(30), (list, from, length) => {
      const within = { from, to: from + length };
      const taken = merged(list);
      const has = new Set(offsets(list));
      expect(offsets(gaps(within, taken))).toEqual(offsets([within]).filter((offset) => !has.has(offset)));
      for (const offset of offsets([within])) expect(holds(taken, offset)).toBe(has.has(offset));
    }),
  );
});

test('near ranges are joined, far ones are not', () => {
  expect(
    joined(
      [
        { from: 0, to: 5 },
        { from: 9, to: 10 },
        { from: 20, to: 21 },
      ],
      5,
    ),
  ).toEqual([
    { from: 0, to: 10 },
    { from: 20, to: 21 },
  ]);
});
