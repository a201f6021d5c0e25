import { expect, test } from 'vitest';
import { clockChangesIn, isShownTwice } from './clockChanges';

const at = (text: string) => Date.parse(text) / 1000;
const over = (from: string, to: string) => ({ from: at(from), to: at(to) });

test('clocks go forward: a day of 23 hours', () => {
  const range = over('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z');
  expect(clockChangesIn(range, 'Europe/Berlin')).toEqual([
    { day: '2026-03-29', hours: 23, from: '02:00', to: '03:00' },
  ]);
});

test('clocks go back: a day of 25 hours', () => {
  const range = over('2026-11-01T00:00:00Z', '2026-11-02T12:00:00Z');
  expect(clockChangesIn(range, 'America/New_York')).toEqual([
    { day: '2026-11-01', hours: 25, from: '02:00', to: '01:00' },
  ]);
});

test('both of a year, and half an hour where that is what is moved', () => {
  const year = over('2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
  expect(clockChangesIn(year, 'Europe/Berlin').map(({ day, hours }) => [day, hours])).toEqual([
    ['2025-03-30', 23],
    ['2025-10-26', 25],
  ]);
  expect(clockChangesIn(year, 'Australia/Lord_Howe')).toEqual([
    { day: '2025-04-06', hours: 24.5, from: '02:00', to: '01:30' },
    { day: '2025-10-05', hours: 23.5, from: '02:00', to: '02:30' },
  ]);
});

test('a range that ends at the change, begins at it, or lies beside it has none', () => {
  const change = '2026-03-29T01:00:00Z';
  expect(clockChangesIn(over('2026-03-29T00:00:00Z', change), 'Europe/Berlin')).toHaveLength(1);
  expect(clockChangesIn(over('2026-03-28T00:00:00Z', '2026-03-29T00:59:59Z'), 'Europe/Berlin')).toEqual([]);
  expect(clockChangesIn(over(change, '2026-03-30T00:00:00Z'), 'Europe/Berlin')).toEqual([]);
  expect(clockChangesIn(over('2026-03-28T00:00:00Z', '2026-03-30T00:00:00Z'), 'UTC')).toEqual([]);
  expect(clockChangesIn(over('2026-03-28T00:00:00Z', '2026-03-30T00:00:00Z'), 'Asia/Kathmandu')).toEqual([]);
});

test('times that clocks show twice are known from those that they show once', () => {
  expect(isShownTwice(at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe(true);
  expect(isShownTwice(at('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe(true);
  expect(isShownTwice(at('2026-10-24T23:59:59Z'), 'Europe/Berlin')).toBe(false);
  expect(isShownTwice(at('2026-10-25T02:00:00Z'), 'Europe/Berlin')).toBe(false);
  expect(isShownTwice(at('2026-03-29T00:30:00Z'), 'Europe/Berlin')).toBe(false);
  expect(isShownTwice(at('2026-10-25T00:30:00Z'), 'UTC')).toBe(false);
});
