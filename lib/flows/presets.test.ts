import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isRangePreset,
  presetLabel,
  previousPeriod,
  type RangePreset,
  ROLLING_PRESETS,
  resolvePreset,
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
  expect(['', '25h', '7D', 'toString', '2025-Q5', '1869-Q1', '2025-q4'].filter(isRangePreset)).toEqual([]);
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
