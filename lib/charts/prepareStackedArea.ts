import type { Meta } from '@/lib/flows/contracts/envelope';
import type { TrafficColumns, TrafficSeries } from '@/lib/flows/contracts/trafficOverTime';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import type { Direction } from '@/lib/flows/direction';
import { SLOT_SECONDS } from '@/lib/flows/presets';

/**
 * whole: drawn as is. partial, provisional: paler, dotted edge. arriving: so much of it is still on its way that an area would
 * show a fall that did not happen; hatched, its value told in words and tables only. gap: nobody was listening, hatched, never
 * a zero. future: not yet, drawn as nothing at all.
 */
export type BucketState = 'whole' | 'partial' | 'provisional' | 'arriving' | 'gap' | 'future';

/** Records reach Weir after they end, so the last two slots are never all there, whatever the watermark says. */
const ARRIVING_SECONDS = 2 * SLOT_SECONDS;

/** The usual active timeout: an exporter tells of a long flow once in this time. */
const LONGEST_WAIT_SECONDS = 1_800;

/** A provisional bucket is drawn where at least this much of its time lies before what is still arriving. */
const ARRIVED_PART = 0.9;

export interface Bucket {
  /** UTC epoch seconds, cut to the range that was answered */
  readonly from: number;
  readonly to: number;
  readonly state: BucketState;
}

export interface Statistics {
  readonly last: number | null;
  readonly mean: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  /** of the total of all types, 0 to 1 */
  readonly share: number;
}

export interface AreaSeries {
  readonly key: string;
  /** In the model's unit per bucket; null is a gap. */
  readonly values: readonly (number | null)[];
  readonly statistics: Statistics;
  /** bytes of the range, exact */
  readonly bytes: string;
}

/** UTC epoch seconds, half-open */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface StackedAreaModel {
  readonly quantity: 'bit/s' | 'B/s';
  readonly from: number;
  readonly to: number;
  readonly buckets: readonly Bucket[];
  /** Bottom of the stack first. */
  readonly series: readonly AreaSeries[];
  readonly total: AreaSeries;
  /** All gaps, neighbours joined. */
  readonly gaps: readonly Span[];
  /** All buckets that are still arriving, neighbours joined. */
  readonly arriving: readonly Span[];
  /** Nothing crossed the boundary in any covered bucket. */
  readonly zero: boolean;
  /** Not one bucket has covered seconds. */
  readonly nothing: boolean;
}

export interface StackedAreaOptions {
  readonly direction: Direction;
  readonly unit: 'bits' | 'bytes';
  /** when the answer was given, UTC epoch seconds */
  readonly now: number;
}

/**
 * Traffic by network type, ready to draw: rates from exact bytes and covered seconds, states of buckets, gaps.
 * Missing is a gap and not a zero: a bucket without covered seconds has no value in any series.
 */
export function prepareStackedArea(
  rows: TrafficColumns,
  meta: Pick<Meta, 'from' | 'to' | 'watermark'>,
  options: StackedAreaOptions,
): StackedAreaModel {
  const bitsPerByte = options.unit === 'bits' ? 8 : 1;
  const arrived = Math.max(meta.watermark ?? meta.from, arrivedUntil(rows, meta, options.now));
  const buckets = rows.buckets.map((start, i) => {
    const from = Math.max(start, meta.from);
    const to = Math.min(rows.buckets[i + 1] ?? rows.end, meta.to);
    const state = stateOf(rows.flags[i] ?? 0, rows.seconds[i] ?? 0);
    const elapsed = Math.min(to, options.now) - from;
    const isArriving = state === 'provisional' && arrived - from < ARRIVED_PART * elapsed;
    return { from, to, state: isArriving ? ('arriving' as const) : state };
  });
  const states = buckets.map(({ state }) => state);
  const ready = (series: TrafficSeries): AreaSeries => ({
    key: series.key,
    values: rows.seconds.map((seconds, i) =>
      known(states[i]) ? (Number(series.bytes[i] ?? 0) * bitsPerByte) / seconds : null,
    ),
    statistics: scaled(series.statistics, bitsPerByte / 8),
    bytes: series.statistics.total,
  });
  const series = rows.series.filter((s) => s.direction === options.direction).map(ready);
  const total = rows.totals.find((s) => s.direction === options.direction);
  const readyTotal = total ? ready(total) : emptySeries(buckets.length);
  return {
    quantity: options.unit === 'bits' ? 'bit/s' : 'B/s',
    from: meta.from,
    to: meta.to,
    buckets,
    series,
    total: readyTotal,
    gaps: joined(buckets, 'gap'),
    arriving: joined(buckets, 'arriving'),
    zero: readyTotal.values.every((value) => value === null || value === 0),
    nothing: readyTotal.values.every((value) => value === null),
  };
}

/**
 * Until when records have come in, as far as the answer shows: two slots before the last one in which anything was heard. Where
 * nothing was heard for longer than records wait in an exporter, nothing is on its way.
 */
function arrivedUntil(rows: TrafficColumns, meta: Pick<Meta, 'to'>, now: number): number {
  const last = rows.seconds.findLastIndex((seconds) => seconds > 0);
  const end = rows.buckets[last + 1] ?? rows.end;
  // Heard to the end of the range: more may have come behind it.
  const heard = end >= Math.min(meta.to, now) ? now : end;
  return now - heard > LONGEST_WAIT_SECONDS ? now : heard - ARRIVING_SECONDS;
}

function stateOf(flags: number, seconds: number): BucketState {
  if (flags & BUCKET_FLAGS.future) return 'future';
  if (flags & BUCKET_FLAGS.uncovered && seconds === 0) return 'gap';
  if (seconds === 0) return 'gap';
  if (flags & BUCKET_FLAGS.provisional) return 'provisional';
  return flags & BUCKET_FLAGS.partial ? 'partial' : 'whole';
}

function known(state: BucketState | undefined): boolean {
  return state !== undefined && state !== 'gap' && state !== 'future';
}

function scaled(s: TrafficSeries['statistics'], factor: number): Statistics {
  const times = (value: number | null): number | null => (value === null ? null : value * factor);
  return { last: times(s.last), mean: times(s.mean), p95: times(s.p95), max: times(s.max), share: s.share };
}

function emptySeries(length: number): AreaSeries {
  return {
    key: 'Total',
    values: Array.from({ length }, () => null),
    statistics: { last: null, mean: null, p95: null, max: null, share: 0 },
    bytes: '0',
  };
}

function joined(buckets: readonly Bucket[], state: BucketState): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const bucket of buckets) {
    if (bucket.state !== state) continue;
    const last = spans.at(-1);
    if (last && last.to === bucket.from) last.to = bucket.to;
    else spans.push({ from: bucket.from, to: bucket.to });
  }
  return spans;
}

/** The lower and upper edge of one layer of the stack at each bucket; null where no area is drawn. */
export interface Layer {
  readonly key: string;
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
}

/**
 * Stacks the series that are shown. As shares, each bucket is divided by the total of all types, hidden ones included:
 * hiding a type must not make the others look larger.
 */
export function stack(model: StackedAreaModel, hidden: ReadonlySet<string>, asShare: boolean): Layer[] {
  const floor: number[] = model.buckets.map(() => 0);
  return model.series
    .filter((series) => !hidden.has(series.key))
    .map((series) => {
      const lower: (number | null)[] = [];
      const upper: (number | null)[] = [];
      for (const [i, value] of series.values.entries()) {
        const total = model.total.values[i] ?? 0;
        const isDrawn = value !== null && model.buckets[i]?.state !== 'arriving';
        const height = !isDrawn ? null : asShare ? (total > 0 ? value / total : 0) : value;
        const base = floor[i] ?? 0;
        lower.push(height === null ? null : base);
        upper.push(height === null ? null : base + height);
        floor[i] = base + (height ?? 0);
      }
      return { key: series.key, lower, upper };
    });
}

/** The highest upper edge of a stack; 0 when nothing is drawn. */
export function highest(layers: readonly Layer[]): number {
  const top = layers.at(-1);
  return top ? top.upper.reduce<number>((most, value) => Math.max(most, value ?? 0), 0) : 0;
}

/** Index of the bucket that holds an instant; the nearest one when it lies outside. */
export function bucketAt(buckets: readonly Bucket[], instant: number): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instant < (buckets[middle]?.to ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
