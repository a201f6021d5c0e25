import { quarterRange, type RangePreset, type TimeRange } from '@/lib/flows/presets';
import { type RangeChoice, stepRange } from '@/lib/flows/scope';

/** The calendar quarter that a range is, or null. */
function quarterOf(range: TimeRange): { year: number; quarter: number } | null {
  const start = new Date(range.from * 1000);
  const year = start.getUTCFullYear();
  const quarter = Math.floor(start.getUTCMonth() / 3) + 1;
  const whole = quarterRange(year, quarter);
  return whole.from === range.from && whole.to === range.to ? { year, quarter } : null;
}

/** One range earlier or later. A whole quarter steps to the next quarter, not by as many days. */
export function stepChoice(range: TimeRange, steps: -1 | 1): RangeChoice {
  const quarter = quarterOf(range);
  if (!quarter) return stepRange(range, steps);
  const next = quarter.year * 4 + quarter.quarter - 1 + steps;
  const preset: RangePreset = `${Math.floor(next / 4)}-Q${((next % 4) + 1) as 1 | 2 | 3 | 4}`;
  return { kind: 'preset', preset };
}

/** The quarters before the one that holds `now`, latest first. */
export function closedQuarters(now: number, count: number): RangePreset[] {
  const date = new Date(now * 1000);
  const current = date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
  return Array.from({ length: count }, (_, i): RangePreset => {
    const at = current - 1 - i;
    return `${Math.floor(at / 4)}-Q${((at % 4) + 1) as 1 | 2 | 3 | 4}`;
  });
}
