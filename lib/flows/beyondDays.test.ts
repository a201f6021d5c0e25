import { expect, test } from 'vitest';
import { chooseSums } from './beyondDays';
import type { Ask } from './plan';
import { KEEPS_EVERYTHING } from './tables';

const at = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;
const closed = ['2026-07-01', '2026-08-01', '2026-09-01'].map(at);
const base: Ask = {
  measure: 'traffic',
  dimensions: ['remoteAddress', 'type'],
  range: { from: at('2026-07-01'), to: at('2026-10-01') },
  zone: 'UTC',
  axis: true,
  retention: {
    ...KEEPS_EVERYTHING,
    flows: at('2026-09-10'),
    endpoints_1d: at('2026-09-10'),
    pairs_1d: at('2026-09-10'),
  },
  closedMonths: {
    heavy_addresses_1mo: closed,
    heavy_locals_1mo: closed,
    heavy_pairs_1mo: [],
    heavy_prefixes_1mo: closed,
  },
  lookback: 3_600,
};

function chosen(ask: Partial<Ask>, months = true) {
  const choice = chooseSums({ ...base, ...ask }, months);
  return 'refusal' in choice
    ? choice.refusal.code
    : [choice.plan.table, choice.plan.bucket?.name ?? null, choice.zone, choice.zoneNote !== null];
}

test('days answer by themselves where they are kept', () => {
  expect(chosen({ range: { from: at('2026-09-12'), to: at('2026-10-20') } })).toEqual([
    'endpoints_1d',
    '1d',
    'UTC',
    false,
  ]);
});

test('where they are gone, closed months do, in months of UTC', () => {
  expect(chosen({})).toEqual(['heavy_addresses_1mo', '1mo', 'UTC', false]);
  expect(chosen({ dimensions: ['localAddress', 'region'] })).toEqual([
    'heavy_locals_1mo',
    '1mo',
    'UTC',
    false,
  ]);
  expect(chosen({ dimensions: ['remotePrefix', 'type'] })).toEqual([
    'heavy_prefixes_1mo',
    '1mo',
    'UTC',
    false,
  ]);
  expect(chosen({ step: '1d' })).toEqual(['heavy_addresses_1mo', '1mo', 'UTC', false]);
  expect(chosen({ zone: 'America/New_York' })).toEqual(['heavy_addresses_1mo', '1mo', 'UTC', true]);
  expect(chosen({ zone: 'America/New_York', axis: false })).toEqual([
    'heavy_addresses_1mo',
    null,
    'America/New_York',
    false,
  ]);
  expect(chosen({ range: { from: at('2026-08-15'), to: at('2026-10-05') } })).toEqual([
    'heavy_addresses_1mo + endpoints_1d',
    '1mo',
    'UTC',
    false,
  ]);
});

test('what the lists cannot tell stays refused with the date', () => {
  expect(chosen({}, false)).toBe('not_retained');
  expect(chosen({ dimensions: ['remoteAddress', 'asn'] })).toBe('not_retained');
  expect(chosen({ dimensions: ['remotePrefix', 'asn'] })).toBe('not_retained');
  expect(chosen({ dimensions: ['remoteAddress', 'localAddress'] })).toBe('not_retained');
  expect(chosen({ measure: 'p95', axis: false })).toBe('not_retained');
  expect(chosen({ grain: 86_400, zone: 'Asia/Kathmandu' })).toBe('not_retained');
  expect(chosen({ range: { from: at('2026-06-01'), to: at('2026-10-01') } })).toBe('not_retained');
});
