import { describe, expect, it } from 'vitest';
import { timeTicks, valueTicks } from './ticks';
import { bucketText, inputText, offsetName, parseInput, rangeText } from './timeText';

const utc = (text: string): number => Date.parse(`${text}Z`) / 1000;
const labels = (from: string, to: string, zone: string, most: number): string[] =>
  timeTicks(utc(from), utc(to), zone, most).map((tick) => tick.label);

describe('value ticks', () => {
  it.each([
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [4.1, [0, 1, 2, 3, 4, 5]],
    [9.7, [0, 2, 4, 6, 8, 10]],
    [1.2, [0, 0.25, 0.5, 0.75, 1, 1.25]],
    [3_300_000_000_000, [0, 1e12, 2e12, 3e12, 4e12]],
    [0, [0]],
    [5e-324, [0]],
  ])('up to %d: round, from zero, at most five steps', (max, ticks) => {
    expect(valueTicks(max)).toEqual(ticks);
  });
});

describe('time ticks', () => {
  it('stand on round local instants of a zone with an odd offset', () => {
    const ticks = timeTicks(utc('2026-11-22T00:00:00'), utc('2026-11-22T12:00:00'), 'Asia/Kathmandu', 6);
    expect(ticks.map((tick) => tick.label)).toEqual(['06:00', '08:00', '10:00', '12:00', '14:00', '16:00']);
    expect(ticks[0]?.at).toBe(utc('2026-11-22T00:15:00'));
  });

  it('keep local midnights through a change of clocks', () => {
    const ticks = timeTicks(utc('2026-10-31T07:00:00'), utc('2026-11-03T08:00:00'), 'America/Los_Angeles', 4);
    expect(ticks.map((tick) => tick.at)).toEqual([
      utc('2026-10-31T07:00:00'),
      utc('2026-11-01T07:00:00'),
      utc('2026-11-02T08:00:00'),
      utc('2026-11-03T08:00:00'),
    ]);
  });

  it('mark days among hours and months among days', () => {
    expect(labels('2026-11-21T12:00:00', '2026-11-22T12:00:00', 'UTC', 8)).toEqual([
      '12:00',
      '15:00',
      '18:00',
      '21:00',
      'Sun Nov 22',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
    ]);
    const weeks = timeTicks(utc('2026-10-24T00:00:00'), utc('2026-11-23T00:00:00'), 'UTC', 5);
    expect(weeks.map((tick) => tick.label)).toEqual(['Oct 26', 'Nov 2', 'Nov 9', 'Nov 16', 'Nov 23']);
    // A week in a small picture: one Monday would tell no distance.
    const few = timeTicks(utc('2026-11-16T09:00:00'), utc('2026-11-23T09:00:00'), 'UTC', 2);
    expect(few.map((tick) => tick.label)).toEqual(['Nov 17', 'Nov 19', 'Nov 21', 'Nov 23']);
    const months = timeTicks(utc('2025-07-01T00:00:00'), utc('2026-11-22T00:00:00'), 'UTC', 8);
    expect(months.map((tick) => tick.label)).toEqual(['Jul', 'Oct', '2026', 'Apr', 'Jul', 'Oct']);
  });
});

describe('instants as text', () => {
  it('what an input shows it reads back, in any zone', () => {
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe']) {
      const at = utc('2026-11-22T14:05:00');
      expect(parseInput(inputText(at, zone), zone), zone).toBe(at);
    }
  });

  it('reads nothing into what is no date', () => {
    for (const text of ['', 'yesterday', '2026-02-30', '2026-13-01', '2026-11-22 25:00']) {
      expect(parseInput(text, 'UTC'), text).toBeNull();
    }
  });

  it('buckets and ranges name what they hold, the last day included', () => {
    expect(bucketText(utc('2026-11-22T14:05:00'), utc('2026-11-22T14:10:00'), 'UTC')).toBe(
      'Sun Nov 22, 14:05–14:10',
    );
    expect(bucketText(utc('2026-11-22T20:00:00'), utc('2026-11-23T00:00:00'), 'UTC')).toBe(
      'Sun Nov 22, 20:00–24:00',
    );
    expect(bucketText(utc('2026-11-22T00:00:00'), utc('2026-11-23T00:00:00'), 'UTC')).toBe(
      'Sun Nov 22, 2026',
    );
    expect(rangeText(utc('2026-07-01T00:00:00'), utc('2026-10-01T00:00:00'), 'UTC')).toBe(
      'Jul 1 – Sep 30, 2026',
    );
    expect(rangeText(utc('2026-11-21T14:00:00'), utc('2026-11-22T14:00:00'), 'UTC')).toBe(
      'Nov 21, 14:00 – Nov 22, 14:00, 2026',
    );
    expect(offsetName(utc('2026-11-22T00:00:00'), 'Asia/Kathmandu')).toBe('UTC+05:45');
  });
});
