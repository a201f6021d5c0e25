import { describe, expect, it } from 'vitest';
import { fiscalQuarterLabel, rangeLabel } from './rangeLabel';

const at = (text: string) => Date.parse(text) / 1000;
const february = { from: at('2026-02-01'), to: at('2026-05-01') };
const absolute = { kind: 'absolute', ...february } as const;

describe('the name of a range', () => {
  it('is that of its preset', () => {
    expect(rangeLabel({ kind: 'preset', preset: '3d' }, { from: 0, to: 300 }, 1)).toBe('Last 3 days');
  });

  it('is that of a fiscal quarter only where years begin in that month', () => {
    expect(rangeLabel(absolute, february, 2)).toBe('FY27 Q1');
    expect(rangeLabel(absolute, february, 1)).toBeNull();
    expect(rangeLabel(absolute, february, 3)).toBeNull();
  });

  it('is both where a calendar quarter is a fiscal one', () => {
    const april = { from: at('2026-04-01'), to: at('2026-07-01') };
    expect(rangeLabel({ kind: 'preset', preset: '2026-Q2' }, april, 4)).toBe('Q2 2026 (FY27 Q1)');
  });

  it('of an offered fiscal quarter tells its months', () => {
    expect(fiscalQuarterLabel(february, 2)).toBe('FY27 Q1 (Feb\u2013Apr 2026)');
    expect(fiscalQuarterLabel({ from: at('2026-11-01'), to: at('2027-02-01') }, 2)).toBe(
      'FY27 Q4 (Nov 2026\u2013Jan 2027)',
    );
  });
});
