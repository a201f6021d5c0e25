import { describe, expect, it } from 'vitest';
import { quarterRange } from '@/lib/flows/presets';
import { closedQuarters, fiscalQuarters, stepChoice, zoomOut } from './stepScope';

const at = (text: string) => Date.parse(text) / 1000;
const range = (from: string, to: string) => ({ from: at(from), to: at(to) });
const absolute = (from: string, to: string) => ({ kind: 'absolute', ...range(from, to) }) as const;

describe('stepping', () => {
  it('a quarter steps to its neighbour, over the turn of the year too', () => {
    expect(stepChoice(quarterRange(2026, 1), -1, 'Asia/Kathmandu')).toEqual({
      kind: 'preset',
      preset: '2025-Q4',
    });
    expect(stepChoice(quarterRange(2025, 4), 1, 'UTC')).toEqual({ kind: 'preset', preset: '2026-Q1' });
  });

  it('a quarter of a fiscal year steps to the next one', () => {
    expect(stepChoice(range('2025-11-01', '2026-02-01'), 1, 'UTC')).toEqual(
      absolute('2026-02-01', '2026-05-01'),
    );
  });

  it("a month of the zone steps to the zone's next month", () => {
    expect(stepChoice(range('2026-02-01T05:00Z', '2026-03-01T05:00Z'), 1, 'America/New_York')).toEqual(
      absolute('2026-03-01T05:00Z', '2026-04-01T04:00Z'),
    );
  });

  it('a day of 23 hours steps to a whole day', () => {
    expect(stepChoice(range('2026-03-08T05:00Z', '2026-03-09T04:00Z'), 1, 'America/New_York')).toEqual(
      absolute('2026-03-09T04:00Z', '2026-03-10T04:00Z'),
    );
  });

  it('any other range steps by its own length', () => {
    expect(stepChoice({ from: 1000, to: 1600 }, -1, 'UTC')).toEqual({
      kind: 'absolute',
      from: 400,
      to: 1000,
    });
  });

  it('lists closed quarters, latest first', () => {
    expect(closedQuarters(Date.UTC(2026, 1, 10) / 1000, 3)).toEqual(['2025-Q4', '2025-Q3', '2025-Q2']);
  });
});

describe('zooming out', () => {
  const now = at('2026-11-22T19:22Z');

  it('doubles a range around its middle', () => {
    const day = absolute('2026-11-10T00:00Z', '2026-11-11T00:00Z');
    expect(zoomOut(day, day, now)).toEqual(absolute('2026-11-09T12:00Z', '2026-11-11T12:00Z'));
  });

  it('never goes past now', () => {
    const day = absolute('2026-11-21T19:00Z', '2026-11-22T19:00Z');
    expect(zoomOut(day, day, now)).toEqual(absolute('2026-11-20T19:20Z', '2026-11-22T19:20Z'));
  });

  it('keeps what runs until now running', () => {
    const day = range('2026-11-21T19:20Z', '2026-11-22T19:20Z');
    expect(zoomOut({ kind: 'preset', preset: '24h' }, day, now)).toEqual({ kind: 'preset', preset: '48h' });
  });

  it('ends at ten years', () => {
    const years = absolute('2020-01-01', '2026-01-01');
    expect(zoomOut(years, years, now)).toBeNull();
  });
});

describe('the quarters of fiscal years', () => {
  it('begin with the one that is under way; a calendar quarter stays one', () => {
    const now = at('2026-11-22T19:22Z');
    expect(fiscalQuarters(now, 2, 2).map(({ choice }) => choice)).toEqual([
      absolute('2026-11-01', '2027-02-01'),
      absolute('2026-08-01', '2026-11-01'),
    ]);
    expect(fiscalQuarters(now, 4, 1).map(({ choice }) => choice)).toEqual([
      { kind: 'preset', preset: '2026-Q4' },
    ]);
  });
});
