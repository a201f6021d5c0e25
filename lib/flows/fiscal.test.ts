import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asFiscalQuarter,
  fiscalQuarterAfter,
  fiscalQuarterAt,
  fiscalQuarterName,
  fiscalQuarterRange,
} from './fiscal';

const at = (text: string) => Date.parse(text) / 1000;
const days = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((t) => new Date(t * 1000).toISOString().slice(0, 10)).join(' ');

describe('a fiscal year', () => {
  test('is named by the calendar year in which it ends', () => {
    // begins in February 2026, ends in January 2027
    expect(days(fiscalQuarterRange({ year: 2027, quarter: 1 }, 2))).toBe('2026-02-01 2026-05-01');
    expect(days(fiscalQuarterRange({ year: 2027, quarter: 4 }, 2))).toBe('2026-11-01 2027-02-01');
    expect(fiscalQuarterName({ year: 2027, quarter: 1 })).toBe('FY27 Q1');
  });

  test('that begins in January is the calendar year', () => {
    expect(days(fiscalQuarterRange({ year: 2026, quarter: 2 }, 1))).toBe('2026-04-01 2026-07-01');
  });

  test.each([
    ['2026-01-31T23:59:59Z', 2, 'FY26 Q4'],
    ['2026-02-01T00:00:00Z', 2, 'FY27 Q1'],
    ['2025-09-30T23:59:59Z', 10, 'FY25 Q4'],
    ['2025-10-01T00:00:00Z', 10, 'FY26 Q1'],
    ['2026-11-22T00:00:00Z', 1, 'FY26 Q4'],
  ])('%s with years from month %d is in %s', (instant, startMonth, name) => {
    expect(fiscalQuarterName(fiscalQuarterAt(at(instant), startMonth))).toBe(name);
  });

  test('any instant lies in its quarter, whichever month years begin in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e9 }),
        fc.integer({ min: 1, max: 12 }),
        (instant, startMonth) => {
          const quarter = fiscalQuarterAt(instant, startMonth);
          const range = fiscalQuarterRange(quarter, startMonth);
          expect(range.from <= instant && instant < range.to).toBe(true);
          expect(asFiscalQuarter(range, startMonth)).toEqual(quarter);
          // The next one begins where this one ends.
          expect(fiscalQuarterRange(fiscalQuarterAfter(quarter, 1), startMonth).from).toBe(range.to);
          expect(fiscalQuarterRange(fiscalQuarterAfter(quarter, -1), startMonth).to).toBe(range.from);
        },
      ),
    );
  });

  test('a range of another length is no quarter', () => {
    expect(asFiscalQuarter({ from: at('2026-02-01'), to: at('2026-04-01') }, 2)).toBeNull();
    expect(asFiscalQuarter({ from: at('2026-01-01'), to: at('2026-04-01') }, 2)).toBeNull();
  });
});
