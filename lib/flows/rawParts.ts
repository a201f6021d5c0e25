import { type Ask, bucketFor, type Choice, offered, planOf, printed, widen } from './plan';
import { SLOT_SECONDS, type TimeRange } from './presets';

const HOUR = 3_600;
const MINUTE = 60;

/** Ranges up to this long are drawn by the minute, spread from raw flows: a rollup would give 36 points and fewer. */
export const RAW_RANGE_SECONDS = 3 * HOUR;

/**
 * A picture by the minute is worth reading this many records (about a second on two cores). Beyond, five minutes must do: an hour of an
 * installation with billions of flows a day.
 */
export const MOST_RAW_RECORDS = 10_000_000;

/** Whether the records of these ranges (the range asked, where none is given) are few enough to be spread while they are read. */
export function isAffordableRaw(ask: Ask, ranges: readonly TimeRange[] = [ask.range]): boolean {
  const seconds = ranges.reduce((sum, { from, to }) => sum + to - from + ask.lookback, 0);
  return (seconds / SLOT_SECONDS) * (ask.recordsPerSlot ?? 0) <= MOST_RAW_RECORDS;
}

/** The plan by which raw flows answer alone. `why` says why no rollup does; empty where the range is short. */
export function chooseRaw(ask: Ask, why: string): Choice {
  const slot = ask.measure === 'p95' ? SLOT_SECONDS : ask.measure === 'p95Hourly' ? HOUR : MINUTE;
  const range = widen(ask.range, slot);
  const bucket = bucketFor(ask, range, slot);
  const retainedFrom = ask.retention.flows;
  if (retainedFrom !== null && range.from - ask.lookback < retainedFrom) {
    const from = offered(retainedFrom + ask.lookback, slot);
    return {
      refusal: {
        code: 'not_retained',
        why: `raw flows are kept from ${printed(retainedFrom)} on, and ${why || 'this range is answered by the minute'}`,
        change: `Choose a range that begins at ${printed(from)} or later, or drop a dimension.`,
        retainedFrom: from,
      },
    };
  }
  const reason = why
    ? `flows, spread over slots while read: ${why}`
    : 'flows, spread over minutes while read: the range is short, and rollups begin at 5 minutes';
  return {
    plan: planOf(ask, range, [{ table: 'flows', ...range }], bucket, reason, `${slot / MINUTE} minute slots`),
  };
}
