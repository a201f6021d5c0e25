import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseRollup } from './chooseRollup';
import type { Ask } from './plan';
import { KEEPS_EVERYTHING } from './tables';

const at = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;
const closed = ['2026-07-01', '2026-08-01', '2026-09-01'].map(at);
const base: Ask = {
  measure: 'volume',
  dimensions: ['remoteAddress'],
  range: { from: at('2026-07-01'), to: at('2026-10-01') },
  zone: 'UTC',
  axis: false,
  retention: {
    ...KEEPS_EVERYTHING,
    flows: at('2026-09-10'),
    endpoints_1d: at('2026-09-10'),
    pairs_1d: at('2026-09-10'),
  },
  heaviest: true,
  closedMonths: {
    heavy_addresses_1mo: closed,
    heavy_locals_1mo: closed,
    heavy_pairs_1mo: closed,
    heavy_prefixes_1mo: closed,
  },
  lookback: 3_600,
};

function chosen(ask: Partial<Ask>) {
  const choice = chooseRollup({ ...base, ...ask });
  if ('refusal' in choice) return { ...choice.refusal, parts: [] };
  const { parts, widened, reason } = choice.plan;
  const day = (t: number) => new Date(t * 1000).toISOString().slice(0, 10);
  return {
    widened,
    reason,
    parts: parts.map(({ table, from, to }) => `${table} ${day(from)} ${day(to)}`),
  };
}

test('closed months come from what was kept of them', () => {
  expect(chosen({})).toEqual({
    parts: ['heavy_addresses_1mo 2026-07-01 2026-10-01'],
    widened: null,
    reason:
      'heavy_addresses_1mo for closed months: the 10,000 heaviest of each region and network type, and all others together',
  });
  expect(chosen({ dimensions: ['remoteAddress', 'localAddress', 'type'] }).parts).toEqual([
    'heavy_pairs_1mo 2026-07-01 2026-10-01',
  ]);
});

test('days answer what is not closed, on both sides', () => {
  expect(
    chosen({
      retention: KEEPS_EVERYTHING,
      range: { from: at('2026-06-20'), to: at('2026-10-05') },
    }),
  ).toMatchObject({
    parts: [
      'endpoints_1d 2026-06-20 2026-07-01',
      'heavy_addresses_1mo 2026-07-01 2026-10-01',
      'endpoints_1d 2026-10-01 2026-10-05',
    ],
    widened: null,
    reason: expect.stringContaining('endpoints_1d for the rest'),
  });
});

test('a part of a closed month comes from days, and where they are gone from the whole month', () => {
  expect(chosen({ range: { from: at('2026-09-15'), to: at('2026-09-20') } }).parts).toEqual([
    'endpoints_1d 2026-09-15 2026-09-20',
  ]);
  expect(chosen({ range: { from: at('2026-07-20'), to: at('2026-08-10') } })).toMatchObject({
    parts: ['heavy_addresses_1mo 2026-07-01 2026-09-01'],
    widened: expect.stringContaining('2026-07-01 00:00 UTC until 2026-09-01 00:00 UTC'),
  });
});

test('what is neither closed nor kept by day is refused', () => {
  expect(chosen({ range: { from: at('2026-05-01'), to: at('2026-08-01') } })).toMatchObject({
    code: 'not_retained',
  });
});

test('over time they answer month by month', () => {
  const choice = chooseRollup({ ...base, axis: true, measure: 'traffic' });
  if ('refusal' in choice) throw new Error(choice.refusal.why);
  expect(choice.plan.bucket).toMatchObject({ name: '1mo' });
  expect(choice.plan.table).toBe('heavy_addresses_1mo');
});

test('nothing but a list of the heaviest is answered from them', () => {
  for (const ask of [
    { heaviest: false },
    { measure: 'p95' as const },
    { measure: 'uniqueness' as const, dimensions: ['localAddress' as const] },
    { dimensions: ['remoteAddress' as const, 'asn' as const] },
    { dimensions: ['type' as const] },
  ]) {
    expect(chosen(ask).parts.join()).not.toContain('heavy');
  }
});

const months = Array.from({ length: 12 }, (_, i) => Date.UTC(2025, 9 + i, 1) / 1000);

test('whatever is closed and kept, parts cover the range without gap or overlap, months only where they are closed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at('2025-10-01'), max: at('2026-09-30') }),
      fc.integer({ min: 1, max: 200 * 86_400 }),
      fc.subarray(months),
      fc.constantFrom(...months),
      fc.constantFrom(null, ...months),
      (from, length, closedMonths, days, heavy) => {
        const range = { from, to: from + length };
        const choice = chooseRollup({
          ...base,
          range,
          closedMonths: {
            heavy_addresses_1mo: closedMonths,
            heavy_locals_1mo: [],
            heavy_pairs_1mo: [],
            heavy_prefixes_1mo: [],
          },
          retention: {
            ...KEEPS_EVERYTHING,
            flows: days,
            endpoints_1d: days,
            pairs_1d: days,
            heavy_addresses_1mo: heavy,
          },
        });
        if ('refusal' in choice) {
          expect(from).toBeLessThan(days + 86_400);
          return;
        }
        let edge = choice.plan.from;
        expect(edge).toBeLessThanOrEqual(range.from);
        expect(choice.plan.to).toBeGreaterThanOrEqual(range.to);
        for (const part of choice.plan.parts) {
          expect(part.from).toBe(edge);
          edge = part.to;
          if (part.table !== 'heavy_addresses_1mo') {
            expect(part.from).toBeGreaterThanOrEqual(days);
            continue;
          }
          expect(part.from).toBeGreaterThanOrEqual(heavy ?? 0);
          const within = months.filter((month) => month >= part.from && month < part.to);
          expect(closedMonths).toEqual(expect.arrayContaining(within));
          expect([...months, at('2026-10-01')]).toEqual(expect.arrayContaining([part.from, part.to]));
        }
        expect(edge).toBe(choice.plan.to);
      },
    ),
    { numRuns: 500 },
  );
});
