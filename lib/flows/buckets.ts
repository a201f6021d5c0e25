import { SLOT_SECONDS, type TimeRange } from './presets';
import { instantOf, offsetAt, wallClockAt } from './timeZone';

export type BucketUnit = 'minute' | 'hour' | 'day' | 'week' | 'month';

/** Width of a bucket. `seconds` is nominal: where clocks change, a bucket of hours or days is longer or shorter. */
export interface BucketWidth {
  name: BucketName;
  unit: BucketUnit;
  count: number;
  seconds: number;
}

const HOUR = 3_600;
const DAY = 86_400;

/** Widths that are chosen by themselves, finest first. */
export const BUCKET_NAMES = ['1m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w'] as const;

/** Widths that can be asked for: also months of the calendar, 28 to 31 days long. */
export const STEP_NAMES = [...BUCKET_NAMES, '1mo'] as const;
export type BucketName = (typeof STEP_NAMES)[number];

const UNITS = {
  m: ['minute', 60],
  h: ['hour', HOUR],
  d: ['day', DAY],
  w: ['week', 7 * DAY],
  mo: ['month', 30 * DAY],
} as const;

/** The width a name such as `4h` stands for. */
export function bucketWidth(name: BucketName): BucketWidth {
  const [unit, seconds] = UNITS[name.replace(/^\d+/, '') as keyof typeof UNITS];
  const count = Number.parseInt(name, 10);
  return { name, unit, count, seconds: count * seconds };
}

/** `5 minutes`, `1 day`: for the line under a title. */
export function bucketLabel(width: BucketWidth): string {
  return `${width.count} ${width.unit}${width.count === 1 ? '' : 's'}`;
}

/** More points than this are more than a panel's pixels show well; a width is never finer than that. */
export const MOST_POINTS = 600;

/** Seconds; a longer range is drawn by whole days: what every day repeats would be a comb in which no trend is seen. */
const LONGEST_BY_HOURS = 60 * 86_400;

/**
 * The finest width that gives at most 600 points, and none finer than `finest` seconds. Ranges beyond 60 days are drawn by day. Widths of minutes are only used where
 * they divide the zone's offset (30 minutes would begin at :15 in Kathmandu). Ranges beyond 600 days are drawn by week.
 */
export function chooseBucket(range: TimeRange, zone: string, finest: number = SLOT_SECONDS): BucketWidth {
  const length = range.to - range.from;
  const offsets = offsetsWithin(range, zone);
  for (const name of BUCKET_NAMES) {
    const width = bucketWidth(name);
    if (width.seconds < finest || width.seconds * MOST_POINTS < length) continue;
    if (length > LONGEST_BY_HOURS && width.seconds < DAY) continue;
    if (width.unit === 'minute' && offsets.some((offset) => offset % width.seconds !== 0)) continue;
    // Lord Howe moves its clocks by half an hour: single hours would shift under the buckets.
    if (name === '1h' && new Set(offsets.map((offset) => mod(offset, HOUR))).size > 1) continue;
    return width;
  }
  return bucketWidth('1w');
}

/** More buckets than this are not drawn, whoever asks for them. */
const MOST_STEPS = 2_000;

/**
 * The width asked for, where it can be had: no finer than `finest` seconds, at most 2,000 points, and (in minutes) dividing the zone's
 * offset; else null.
 */
export function stepWidth(
  step: BucketName,
  range: TimeRange,
  zone: string,
  finest: number,
): BucketWidth | null {
  const width = bucketWidth(step);
  if (width.seconds < finest || width.seconds * MOST_STEPS < range.to - range.from) return null;
  if (width.unit !== 'minute') return width;
  return offsetsWithin(range, zone).every((offset) => offset % width.seconds === 0) ? width : null;
}

/** The distinct offsets of the zone in the range, in seconds; looked at every day, as no zone changes twice in one. */
export function offsetsWithin(range: TimeRange, zone: string): number[] {
  if (zone === 'UTC') return [0];
  const offsets = new Set<number>([offsetAt(range.to, zone)]);
  for (let t = range.from; t < range.to; t += DAY) offsets.add(offsetAt(t, zone));
  return [...offsets];
}

/** True where hours of UTC are hours of the zone throughout the range: then hourly tables can answer in it. */
export function hasWholeHourOffsets(range: TimeRange, zone: string): boolean {
  return offsetsWithin(range, zone).every((offset) => offset % HOUR === 0);
}

export interface Buckets {
  /** start of each bucket that overlaps the range, ascending; the first may lie before the range */
  starts: number[];
  /** where the last bucket ends; may lie behind the range */
  end: number;
}

/** The buckets that overlap [from, to), in the zone. Bucket i is [starts[i], starts[i + 1]). */
export function bucketsOf(range: TimeRange, zone: string, width: BucketWidth): Buckets {
  const starts: number[] = [];
  let start = bucketStart(range.from, zone, width);
  while (start < range.to) {
    starts.push(start);
    start = nextBucketStart(start, zone, width);
  }
  return { starts, end: start };
}

/**
 * The start of the bucket that holds an instant: minutes and single hours are counted on, several hours from local midnight by the
 * wall clock, weeks from Monday, months from the first. The same as ClickHouse's toStartOfInterval with the zone.
 */
export function bucketStart(t: number, zone: string, width: BucketWidth): number {
  if (width.unit === 'minute') return t - mod(t, width.seconds);
  if (width.unit === 'hour' && width.count === 1) return t - mod(t + offsetAt(t, zone), HOUR);
  const clock = wallClockAt(t, zone);
  const midnight = { ...clock, hour: 0, minute: 0, second: 0 };
  if (width.unit === 'day') return instantOf(midnight, zone);
  if (width.unit === 'week') return instantOf({ ...midnight, day: clock.day - daysSinceMonday(clock) }, zone);
  if (width.unit === 'month') return instantOf({ ...midnight, day: 1 }, zone);
  return instantOf({ ...midnight, hour: clock.hour - (clock.hour % width.count) }, zone);
}

function nextBucketStart(start: number, zone: string, width: BucketWidth): number {
  // A fixed width may land inside the same bucket (25-hour day) or beyond the next start (23-hour day), so step by hours.
  if (width.unit === 'minute' || (width.unit === 'hour' && width.count === 1)) return start + width.seconds;
  const clock = wallClockAt(start, zone);
  const midnight = { ...clock, hour: 0, minute: 0, second: 0 };
  switch (width.unit) {
    case 'hour':
      return instantOf({ ...midnight, hour: clock.hour - (clock.hour % width.count) + width.count }, zone);
    case 'month':
      return instantOf({ ...midnight, month: clock.month + 1 }, zone);
    default:
      return instantOf({ ...midnight, day: clock.day + (width.unit === 'week' ? 7 : 1) }, zone);
  }
}

function daysSinceMonday(clock: { year: number; month: number; day: number }): number {
  return (new Date(Date.UTC(clock.year, clock.month - 1, clock.day)).getUTCDay() + 6) % 7;
}

function mod(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
