import { type BucketName, type BucketWidth, bucketWidth, chooseBucket, stepWidth } from './buckets';
import { DIMENSION_LABEL, type Dimension } from './dimensions';
import type { Measure } from './measures';
import type { TimeRange } from './presets';
import type { HeavyTable, Retention, Table } from './tables';

/** What a question needs from the tables. Instants are epoch seconds. */
export interface Ask {
  measure: Measure;
  /** what the answer is split and filtered by */
  dimensions: readonly Dimension[];
  /** the range asked */
  range: TimeRange;
  zone: string;
  /** true for a series in buckets, false for one number a cell */
  axis: boolean;
  /** the width of buckets a person wants; left out, or where it cannot be had, it is chosen by the range */
  step?: BucketName;
  /** seconds: nothing is drawn, but sums are parted by units of the zone's calendar this long, so no stored slot may be longer */
  grain?: 3_600 | 86_400;
  retention: Retention;
  /** only the heaviest keys are wanted, and not all of them: what is kept of closed months may answer */
  heaviest?: boolean;
  /** starts of the UTC months whose heaviest are kept, by table; left out = none */
  closedMonths?: ClosedMonths;
  /** an instant that no stored slot may straddle, as the watermark when settled sums are wanted apart */
  cut?: number | null;
  /** seconds before the range in which a record may begin that reaches into it */
  lookback: number;
  /** records of the busiest five minutes lately: what reading raw flows costs; left out = few */
  recordsPerSlot?: number;
}

/** Starts of closed UTC months, epoch seconds. */
export type ClosedMonths = Readonly<Record<HeavyTable, readonly number[]>>;

/** One piece of the range and the table that answers it: [from, to) on edges of the table's slots. */
export interface Part {
  table: Table;
  from: number;
  to: number;
}

export interface Plan {
  /** in order of time, without gap or overlap: together [from, to) */
  parts: Part[];
  /** names of the tables, as `traffic_5m + traffic_1h` */
  table: string;
  /** width of the drawn buckets; null without an axis */
  bucket: BucketWidth | null;
  from: number;
  to: number;
  /** why [from, to) is wider than the range asked; null where it is not */
  widened: string | null;
  /** why these tables, in words */
  reason: string;
}

const HOUR = 3_600;

export interface Refusal {
  code: 'not_answerable' | 'not_retained';
  why: string;
  change: string;
  /** not_retained: the first instant to ask from, still kept in an hour */
  retainedFrom?: number;
}

export type Choice = { plan: Plan } | { refusal: Refusal };

/** Puts a plan together and says where it is wider than asked. */
export function planOf(
  ask: Ask,
  range: TimeRange,
  parts: Part[],
  bucket: BucketWidth | null,
  reason: string,
  kept: string,
): Plan {
  const isWider = range.from < ask.range.from || range.to > ask.range.to;
  return {
    parts,
    table: [...new Set(parts.map(({ table }) => table))].join(' + '),
    bucket,
    from: range.from,
    to: range.to,
    widened: isWider
      ? `Widened to ${printed(range.from)} until ${printed(range.to)}: the tables that answer keep ${kept}.`
      : null,
    reason,
  };
}

export function isKept(ask: Pick<Ask, 'retention'>, table: Table, from: number): boolean {
  const first = ask.retention[table];
  return first === null || from >= first;
}

export function namesOf(dimensions: readonly Dimension[]): string {
  if (dimensions.length === 0) return 'the total';
  return dimensions.map((dimension) => DIMENSION_LABEL[dimension]).join(', ');
}

/** `2026-11-21 10:00 UTC` */
export function printed(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function widen(range: TimeRange, slot: number): TimeRange {
  return { from: floor(range.from, slot), to: ceil(range.to, slot) };
}

export function floor(t: number, slot: number): number {
  return Math.floor(t / slot) * slot;
}

export function ceil(t: number, slot: number): number {
  return Math.ceil(t / slot) * slot;
}

/**
 * The start to offer of what is kept from `first` on. What is kept moves on with the clock, and an offer is taken up later than it is made: what is not a
 * whole slot (an hour, where slots are shorter) is moved on to one that stays kept for an hour.
 */
export function offered(first: number, slot: number): number {
  const whole = Math.max(slot, HOUR);
  return first % whole === 0 ? first : ceil(first + HOUR, whole);
}

/** The width of drawn buckets, none finer than `finest` seconds: as asked where that can be had; null without an axis. */
export function bucketFor(ask: Ask, range: TimeRange, finest: number): BucketWidth | null {
  if (!ask.axis) return null;
  if (ask.grain !== undefined) return bucketWidth(ask.grain === 3_600 ? '1h' : '1d');
  const wanted = ask.step === undefined ? null : stepWidth(ask.step, range, ask.zone, finest);
  return wanted ?? chooseBucket(range, ask.zone, finest);
}
