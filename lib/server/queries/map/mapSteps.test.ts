import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf } from '@/lib/flows/buckets';
import { MOST_STEPS } from '@/lib/flows/contracts/trafficMap';
import { foldSteps } from './foldSteps';
import { stepOf } from './mapPlan';

const at = (text: string) => Date.parse(text) / 1000;
const day = (from: string, to: string) => ({ from: at(from), to: at(to) });

describe('steps of the map', () => {
  it.each([
    ['an hour', day('2026-11-22T08:00:00Z', '2026-11-22T09:00:00Z'), '5m'],
    ['a day on the hour', day('2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z'), '1h'],
    ['24 hours that begin at 05:35', day('2026-11-22T05:35:00Z', '2026-11-23T05:35:00Z'), '2h'],
    ['a week', day('2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'), '12h'],
    ['a quarter', day('2026-07-01T00:00:00Z', '2026-10-01T00:00:00Z'), '1w'],
    ['a year', day('2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z'), '1mo'],
  ] as const)('%s is gone through in the finest steps that are few enough', (_, range, name) => {
    expect(stepOf(range, 'UTC').name).toBe(name);
  });

  it('are never more than a slider has places for, and hold every second once, whatever the range and zone', () => {
    const zones = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
    const from = fc.integer({ min: at('2020-01-01T00:00:00Z') / 300, max: at('2026-01-01T00:00:00Z') / 300 });
    const slots = fc.oneof(
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 2_000, max: 10 * 366 * 288 }),
    );
    fc.assert(
      fc.property(zones, from, slots, (zone, first, length) => {
        const range = { from: first * 300, to: (first + length) * 300 };
        const { starts, end } = bucketsOf(range, zone, stepOf(range, zone));
        const seconds = starts.map((start, i) => (starts[i + 1] ?? end) - start);
        const folded = foldSteps({ starts, end, seconds }, MOST_STEPS);
        expect(folded.starts.length).toBeLessThanOrEqual(MOST_STEPS);
        expect(folded.seconds).toEqual(
          folded.starts.map((start, i) => (folded.starts[i + 1] ?? folded.end) - start),
        );
        for (const start of starts) {
          const step = folded.stepOf(start) ?? -1;
          expect(start).toBeGreaterThanOrEqual(folded.starts[step] ?? Number.POSITIVE_INFINITY);
          expect(start).toBeLessThan(folded.starts[step + 1] ?? folded.end);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('know no bucket that is not theirs', () => {
    expect(foldSteps({ starts: [0, 60], end: 120, seconds: [60, 60] }, 1).stepOf(30)).toBeNull();
  });
});
