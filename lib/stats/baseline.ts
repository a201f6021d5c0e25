/** Values of whole hours, one after another; null where nothing was covered. */
export type Hours = readonly (number | null)[];

export const HOURS_OF_WEEK = 168;

/** Fewer weeks before cannot tell what is usual (metrics: predictability). */
export const FEWEST_WEEKS = 6;

/** A level that has left what is usual for its hours of the week, and stays there until the end. */
export interface Shift {
  /** index of its first hour */
  from: number;
  /** it began before the hours that were looked at */
  isOlder: boolean;
  /** what was / what is usual for the same hours; 1.3 = 30 % above */
  ratio: number;
  /** means over the hours of the shift */
  mean: number;
  usual: number;
}

/** An hour stands out when it is so many spreads away from what is usual, and by so much. */
const SPREADS = 4;
const LEAST_RATIO = 1.15;
const FEWEST_HOURS = 3;

/**
 * The shift that the last hours show, if any: the longest run of hours up to the end in which each one stands out to the same side. What is usual
 * of an hour is the median of the same hour of the week in the weeks before it; the spread is 1.4826 x MAD of the logarithms of value / usual
 * in the weeks before the hours that are looked at. null where nothing stands out, or where a week of such logarithms is not there: that
 * takes seven weeks of hours.
 *
 * @param hours ends with the last settled hour
 * @param within how many of the last hours are looked at
 */
export function shiftAtEnd(hours: Hours, within: number): Shift | null {
  const first = Math.max(0, hours.length - within);
  const usual = hours.map((_, i) => usualOf(hours, i));
  const logs = hours.map((value, i) => {
    const expected = usual[i] ?? null;
    return value === null || expected === null || value <= 0 || expected <= 0
      ? null
      : Math.log(value / expected);
  });
  const before = logs.slice(0, first).filter((log) => log !== null);
  if (before.length < HOURS_OF_WEEK) return null;
  const middle = medianOf(before);
  const spread = 1.4826 * medianOf(before.map((log) => Math.abs(log - middle)));
  const least = Math.max(SPREADS * spread, Math.log(LEAST_RATIO));
  const side = Math.sign(logs.at(-1) ?? 0);
  let from = hours.length;
  while (from > first && (logs[from - 1] ?? 0) * side >= least) from -= 1;
  const length = hours.length - from;
  if (side === 0 || length < FEWEST_HOURS) return null;
  const mean = meanOf(hours.slice(from));
  const expected = meanOf(usual.slice(from));
  return { from, isOlder: from === first, ratio: mean / expected, mean, usual: expected };
}

/** Median of the same hour of the week in the weeks before; null with fewer than six of them. */
function usualOf(hours: Hours, at: number): number | null {
  const earlier: number[] = [];
  for (let i = at - HOURS_OF_WEEK; i >= 0; i -= HOURS_OF_WEEK) {
    const value = hours[i] ?? null;
    if (value !== null) earlier.push(value);
  }
  return earlier.length < FEWEST_WEEKS ? null : medianOf(earlier);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function meanOf(values: Hours): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
}
