import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coveredByLists } from './heavyParts';
import type { Part } from './plan';

const at = (text: string) => Date.parse(`${text}:00Z`) / 1000;
const written = (parts: readonly Part[]) =>
  parts.map(({ table, from, to }) =>
    [table, ...[from, to].map((t) => new Date(t * 1000).toISOString().slice(0, 16))].join(' '),
  );

const PARTS: Part[] = [
  { table: 'flows', from: at('2026-07-02T07:00'), to: at('2026-07-03T00:00') },
  { table: 'endpoints_1d', from: at('2026-07-03T00:00'), to: at('2026-10-05T00:00') },
  { table: 'flows', from: at('2026-10-05T00:00'), to: at('2026-10-05T07:00') },
];
const MONTHS = ['2026-05', '2026-07', '2026-08', '2026-09'].map((month) => at(`${month}-01T00:00`));

test('whole months stand for what lies in them, also where the range cuts them', () => {
  expect(written(coveredByLists(PARTS, 'heavy_addresses_1mo', MONTHS))).toEqual([
    'heavy_addresses_1mo 2026-07-01T00:00 2026-08-01T00:00',
    'heavy_addresses_1mo 2026-08-01T00:00 2026-09-01T00:00',
    'heavy_addresses_1mo 2026-09-01T00:00 2026-10-01T00:00',
    'endpoints_1d 2026-10-01T00:00 2026-10-05T00:00',
    'flows 2026-10-05T00:00 2026-10-05T07:00',
  ]);
});

test('a month between two that have no list leaves their days on both sides', () => {
  expect(written(coveredByLists(PARTS, 'heavy_pairs_1mo', MONTHS.slice(2, 3)))).toEqual([
    'heavy_pairs_1mo 2026-08-01T00:00 2026-09-01T00:00',
    'flows 2026-07-02T07:00 2026-07-03T00:00',
    'endpoints_1d 2026-07-03T00:00 2026-08-01T00:00',
    'endpoints_1d 2026-09-01T00:00 2026-10-05T00:00',
    'flows 2026-10-05T00:00 2026-10-05T07:00',
  ]);
});

test('every hour of the range is in exactly one part, and no other has days', () => {
  const months = fc.subarray(MONTHS);
  const hour = fc.integer({ min: 0, max: 94 * 24 });
  fc.assert(
    fc.property(months, hour, (listed, hours) => {
      const t = at('2026-07-02T07:00') + hours * 3_600;
      const holds = (parts: readonly Part[]) => parts.filter(({ from, to }) => from <= t && t < to).length;
      expect(holds(coveredByLists(PARTS, 'heavy_addresses_1mo', listed))).toBe(
        t < at('2026-10-05T07:00') ? 1 : 0,
      );
    }),
  );
});
