import 'server-only';
import type { ErrorCode } from '@/lib/flows/contracts/envelope';
import type { TimeRange } from '@/lib/flows/presets';

const HOUR = 3_600;

/** Where the range that is compared cannot be answered for one of these, the range itself still is. */
export const NOT_COMPARED: readonly ErrorCode[] = ['not_retained', 'not_answerable', 'too_expensive'];

/** A period of the headline: the range of its sums, and the range that its distinct addresses are counted in. */
export interface AskedPeriod {
  range: TimeRange;
  uniques: TimeRange;
}

/**
 * What to ask so that the two periods can be held against each other while the newest records are on their way: the period before is cut
 * where the current one is complete to, and distinct addresses, which are kept by whole UTC hours, are of complete hours in both. A
 * range that ends at or before the watermark is asked as it is, and so is one without a single complete hour.
 */
export function comparedPeriods(
  asked: TimeRange,
  before: TimeRange | null,
  watermark: number | null,
): { current: AskedPeriod; previous: AskedPeriod | null } {
  const same = (range: TimeRange): AskedPeriod => ({ range, uniques: range });
  if (watermark === null || watermark <= asked.from || ceilHour(asked.to) <= watermark)
    return { current: same(asked), previous: before && same(before) };
  const missing = Math.max(0, asked.to - watermark);
  const whole = { from: floorHour(asked.from), to: floorHour(Math.min(asked.to, watermark)) };
  const uniques = whole.to > whole.from ? whole : asked;
  const previous = before && {
    range: { from: before.from, to: Math.max(before.from + 1, before.to - missing) },
    uniques: shifted(uniques, before.from - asked.from),
  };
  return { current: { range: asked, uniques }, previous };
}

function shifted({ from, to }: TimeRange, seconds: number): TimeRange {
  return { from: from + seconds, to: to + seconds };
}

function floorHour(t: number): number {
  return Math.floor(t / HOUR) * HOUR;
}

function ceilHour(t: number): number {
  return Math.ceil(t / HOUR) * HOUR;
}
