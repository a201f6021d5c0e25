import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isRangePreset,
  presetLabel,
  previousPeriod,
  type RangePreset,
  ROLLING_PRESETS,
  resolvePreset,
  rollingPreset,
  rollingSeconds,
} from './presets';

const at = (text: string) => Date.parse(text) / 1000;
const NOW = at('2026-11-22T19:22:41Z');
const iso = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((t) => new Date(t * 1000).toISOString().slice(0, 16)).join(' ');

describe('a preset means', () => {
  test.each<[RangePreset, string, string]>([
    ['24h', 'UTC', '2026-11-21T19:20 2026-11-22T19:20'],
    ['7d', 'America/New_York', '2026-11-15T19:20 2026-11-22T19:20'],
    ['today', 'UTC', '2026-11-22T00:00 2026-11-22T19:20'],
    ['today', 'Asia/Kathmandu', '2026-11-22T18:15 2026-11-22T19:20'],
    ['yesterday', 'Asia/Kathmandu', '2026-11-21T18:15 2026-11-22T18:15'],
    ['this-month', 'America/New_York', '2026-11-01T04:00 2026-11-22T19:20'],
    ['last-month', 'America/New_York', '2026-10-01T04:00 2026-11-01T04:00'],
    ['this-quarter', 'America/New_York', '2026-10-01T00:00 2026-11-22T19:20'],
    ['last-quarter', 'UTC', '2026-07-01T00:00 2026-10-01T00:00'],
    ['2025-Q4', 'Asia/Kathmandu', '2025-10-01T00:00 2026-01-01T00:00'],
    ['3d', 'America/New_York', '2026-11-19T19:20 2026-11-22T19:20'],
    ['90m', 'UTC', '2026-11-22T17:50 2026-11-22T19:20'],
    ['this-week', 'UTC', '2026-11-16T00:00 2026-11-22T19:20'],
    // There it is already Monday.
    ['this-week', 'Asia/Kathmandu', '2026-11-22T18:15 2026-11-22T19:20'],
    ['last-week', 'Asia/Kathmandu', '2026-11-15T18:15 2026-11-22T18:15'],
    ['this-year', 'America/New_York', '2026-01-01T05:00 2026-11-22T19:20'],
    ['last-year', 'UTC', '2025-01-01T00:00 2026-01-01T00:00'],
  ])('%s in %s: %s', (preset, zone, expected) => {
    expect(iso(resolvePreset(preset, NOW, zone))).toBe(expected);
  });

  test('last quarter in January is the fourth of the year before', () => {
    expect(iso(resolvePreset('last-quarter', at('2026-01-05T00:00:00Z'), 'UTC'))).toBe(
      '2025-10-01T00:00 2026-01-01T00:00',
    );
  });

  test('a day of 25 hours is 25 hours', () => {
    const { from, to } = resolvePreset('yesterday', at('2025-11-03T12:00:00Z'), 'America/New_York');
    expect(to - from).toBe(25 * 3_600);
  });

  test('an unfinished period at its very start still holds one slot', () => {
    const { from, to } = resolvePreset('this-quarter', at('2026-10-01T00:00:00Z'), 'UTC');
    expect(to - from).toBe(300);
  });

  test('every rolling range ends with the last whole slot, never in the future, and has its full length', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROLLING_PRESETS), fc.integer({ min: 1e9, max: 2e9 }), (preset, now) => {
        const { from, to } = resolvePreset(preset, now, 'UTC');
        expect(to % 300).toBe(0);
        expect(to).toBeLessThanOrEqual(now);
        expect(now - to).toBeLessThan(300);
        expect(from).toBeLessThan(now);
      }),
    );
  });
});

test('labels are what people say', () => {
  expect(
    ['1h', '24h', '7d', 'last-quarter', '2025-Q4'].map((preset) => presetLabel(preset as RangePreset)),
  ).toEqual(['Last hour', 'Last 24 hours', 'Last 7 days', 'Last quarter', 'Q4 2025']);
});

test('nothing else is a preset', () => {
  expect(
    [
      '',
      '7D',
      'toString',
      '2025-Q5',
      '1869-Q1',
      '2025-q4',
      // not whole slots, nothing, more than ten years
      '7m',
      '0h',
      '03d',
      '1.5h',
      '3661d',
      '9999999w',
    ].filter(isRangePreset),
  ).toEqual([]);
});

test('any length in whole slots is a rolling preset', () => {
  expect(['25h', '3d', '5m', '90m', '2w', '3660d'].every(isRangePreset)).toBe(true);
  expect(['25h', '72h', '90m', '2w'].map((preset) => presetLabel(preset as RangePreset))).toEqual([
    'Last 25 hours',
    'Last 3 days',
    'Last 90 minutes',
    'Last 14 days',
  ]);
});

test('a length has one name', () => {
  const names = [60, 3_600, 86_400, 2 * 86_400, 7 * 86_400, 5_400, 3 * 86_400, 90 * 3_600, 301];
  expect(names.map(rollingPreset)).toEqual(['5m', '1h', '24h', '48h', '7d', '90m', '3d', '90h', '10m']);
  expect(rollingPreset(4e9)).toBeNull();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 * 366 * 24 }), (slots) => {
      const name = rollingPreset(slots * 300);
      if (name === null) return;
      expect(rollingSeconds(name)).toBe(slots * 300);
    }),
  );
});

describe('the previous period', () => {
  test.each([
    ['2025-10-01T00:00:00Z', '2026-01-01T00:00:00Z', 'UTC', '2025-07-01T00:00 2025-10-01T00:00'],
    ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', 'UTC', '2026-01-01T00:00 2026-02-01T00:00'],
    ['2025-11-01T04:00:00Z', '2025-12-01T05:00:00Z', 'America/New_York', '2025-10-01T04:00 2025-11-01T04:00'],
    ['2025-11-10T00:00:00Z', '2025-11-11T00:00:00Z', 'UTC', '2025-11-09T00:00 2025-11-10T00:00'],
    ['2025-10-01T00:00:00Z', '2025-10-08T00:00:00Z', 'UTC', '2025-09-24T00:00 2025-10-01T00:00'],
  ])('of %s until %s in %s is %s', (from, to, zone, expected) => {
    expect(iso(previousPeriod({ from: at(from), to: at(to) }, zone))).toBe(expected);
  });
});
