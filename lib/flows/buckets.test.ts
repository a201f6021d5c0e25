import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BUCKET_NAMES,
  type BucketName,
  bucketLabel,
  bucketsOf,
  bucketWidth,
  chooseBucket,
  hasWholeHourOffsets,
  MOST_POINTS,
} from './buckets';
import { offsetAt, wallClockAt } from './timeZone';

const at = (text: string) => Date.parse(text) / 1000;
const DAY = 86_400;
const ZONES = [
  'UTC',
  'America/New_York',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'Australia/Adelaide',
  'America/St_Johns',
  'Africa/Cairo',
];

const asked = fc
  .tuple(
    fc.integer({ min: at('2020-01-01T00:00:00Z') / 300, max: at('2027-01-01T00:00:00Z') / 300 }),
    fc.integer({ min: 1, max: 30_000 }),
  )
  .map(([from, length]) => ({ from: from * 300, to: (from + length) * 300 }));

describe('buckets of a range', () => {
  test('tile it without gap or overlap, and only the first and the last may reach beyond', () => {
    fc.assert(
      fc.property(asked, fc.constantFrom(...ZONES), (range, zone) => {
        const { starts, end } = bucketsOf(range, zone, chooseBucket(range, zone));
        expect(starts[0]).toBeLessThanOrEqual(range.from);
        expect(end).toBeGreaterThanOrEqual(range.to);
        if (starts.length > 1) expect(starts[1]).toBeGreaterThan(range.from);
        expect(starts.at(-1)).toBeLessThan(range.to);
        starts.forEach((start, i) => {
          expect(starts[i + 1] ?? end).toBeGreaterThan(start);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('are at most 600, and at least 100 where the slots allow it, or days of more than 60', () => {
    fc.assert(
      fc.property(asked, fc.constantFrom(...ZONES), (range, zone) => {
        const width = chooseBucket(range, zone);
        const { starts } = bucketsOf(range, zone, width);
        expect(starts.length).toBeLessThanOrEqual(MOST_POINTS + 2);
        if (range.to - range.from >= 100 * 300)
          expect(starts.length).toBeGreaterThanOrEqual(range.to - range.from > 60 * DAY ? 60 : 100);
      }),
      { numRuns: 60 },
    );
  });

  test('of days begin at local midnight: 24 hours, but 25 and 23 where clocks change', () => {
    const hours = (from: string, to: string) => {
      const { starts, end } = bucketsOf(
        { from: at(from), to: at(to) },
        'America/New_York',
        bucketWidth('1d'),
      );
      return starts.map((start, i) => ((starts[i + 1] ?? end) - start) / 3_600);
    };
    expect(hours('2025-11-01T04:00:00Z', '2025-11-04T05:00:00Z')).toEqual([24, 25, 24]);
    expect(hours('2026-03-07T05:00:00Z', '2026-03-10T04:00:00Z')).toEqual([24, 23, 24]);
  });

  test('of several hours follow the wall clock over a change', () => {
    const { starts } = bucketsOf(
      { from: at('2025-11-02T04:00:00Z'), to: at('2025-11-02T18:00:00Z') },
      'America/New_York',
      bucketWidth('4h'),
    );
    expect(starts.map((t) => wallClockAt(t, 'America/New_York').hour)).toEqual([0, 4, 8, 12]);
    expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(5 * 3_600);
  });

  test('of weeks begin on Monday', () => {
    const { starts } = bucketsOf(
      { from: at('2026-11-19T00:00:00Z'), to: at('2026-11-25T00:00:00Z') },
      'UTC',
      bucketWidth('1w'),
    );
    expect(starts).toEqual([at('2026-11-16T00:00:00Z'), at('2026-11-23T00:00:00Z')]);
  });

  test('in Kathmandu begin on its hours, which are not those of UTC', () => {
    const { starts } = bucketsOf(
      { from: at('2026-01-01T00:00:00Z'), to: at('2026-01-01T02:00:00Z') },
      'Asia/Kathmandu',
      bucketWidth('1h'),
    );
    expect(starts).toEqual([
      at('2025-12-31T23:15:00Z'),
      at('2026-01-01T00:15:00Z'),
      at('2026-01-01T01:15:00Z'),
    ]);
  });
});

describe('the width', () => {
  test.each<[number, string, BucketName]>([
    [3_600, 'UTC', '5m'],
    [DAY, 'UTC', '5m'],
    [2 * DAY, 'UTC', '5m'],
    [7 * DAY, 'UTC', '30m'],
    [7 * DAY, 'Asia/Kathmandu', '1h'],
    [14 * DAY, 'UTC', '1h'],
    [30 * DAY, 'UTC', '2h'],
    [60 * DAY, 'UTC', '4h'],
    [92 * DAY, 'UTC', '1d'],
    [365 * DAY, 'UTC', '1d'],
    [900 * DAY, 'UTC', '1w'],
  ])('of %i seconds in %s is %s', (length, zone, expected) => {
    const from = at('2025-11-03T00:00:00Z');
    expect(chooseBucket({ from, to: from + length }, zone).name).toBe(expected);
  });

  test('is a minute where the slots are', () => {
    expect(chooseBucket({ from: 0, to: 3_600 }, 'UTC', 60).name).toBe('1m');
  });

  test('is never a single hour where clocks move by half of one', () => {
    const range = { from: at('2026-03-25T00:00:00Z'), to: at('2026-04-08T00:00:00Z') };
    expect(chooseBucket(range, 'Australia/Lord_Howe').name).toBe('2h');
  });

  test('is said in words', () => {
    expect(BUCKET_NAMES.map((name) => bucketLabel(bucketWidth(name)))).toEqual([
      '1 minute',
      '5 minutes',
      '15 minutes',
      '30 minutes',
      '1 hour',
      '2 hours',
      '4 hours',
      '6 hours',
      '12 hours',
      '1 day',
      '1 week',
    ]);
  });
});

test('hours of UTC are hours of Berlin and New York, not of Kathmandu, Adelaide or St. John’s', () => {
  const range = { from: at('2026-01-01T00:00:00Z'), to: at('2026-12-31T00:00:00Z') };
  expect(ZONES.filter((zone) => hasWholeHourOffsets(range, zone))).toEqual([
    'UTC',
    'America/New_York',
    'Europe/Berlin',
    'Africa/Cairo',
  ]);
  expect(offsetAt(range.from, 'Asia/Kathmandu')).toBe(20_700);
});
