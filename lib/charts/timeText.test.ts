import { expect, test } from 'vitest';
import { bucketText } from './timeText';

const at = (text: string) => Date.parse(text) / 1000;
const BERLIN = 'Europe/Berlin';

/** The bucket of so many seconds that begins there, by its name in Berlin. */
const named = (start: string, seconds: number) => bucketText(at(start), at(start) + seconds, BERLIN);

test('ordinary buckets are named by the clock alone', () => {
  expect(named('2026-11-22T13:05:00Z', 300)).toBe('Sun Nov 22, 14:05–14:10');
  expect(named('2026-11-22T22:00:00Z', 3_600)).toBe('Sun Nov 22, 23:00–24:00');
  expect(named('2026-11-21T23:00:00Z', 86_400)).toBe('Sun Nov 22, 2026');
});

test('days of 23 and 25 hours say so', () => {
  expect(named('2026-03-28T23:00:00Z', 23 * 3_600)).toBe('Sun Mar 29, 2026 (23\u2009h)');
  expect(named('2026-10-24T22:00:00Z', 25 * 3_600)).toBe('Sun Oct 25, 2026 (25\u2009h)');
});

test('hours that are shown twice, and the one that is jumped over, are told apart by their distance from UTC', () => {
  expect(named('2026-10-25T00:00:00Z', 300)).toBe('Sun Oct 25, 02:00–02:05 UTC+02:00');
  expect(named('2026-10-25T01:00:00Z', 300)).toBe('Sun Oct 25, 02:00–02:05 UTC+01:00');
  expect(named('2026-10-25T00:00:00Z', 3_600)).toBe('Sun Oct 25, 02:00 UTC+02:00 – 02:00 UTC+01:00');
  expect(named('2026-10-25T01:00:00Z', 3_600)).toBe('Sun Oct 25, 02:00–03:00 UTC+01:00');
  expect(named('2026-10-25T02:00:00Z', 3_600)).toBe('Sun Oct 25, 03:00–04:00');
  expect(named('2026-03-29T00:00:00Z', 3_600)).toBe('Sun Mar 29, 01:00 UTC+01:00 – 03:00 UTC+02:00');
});
