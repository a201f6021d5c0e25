import type { Meta } from '@/lib/flows/contracts/envelope';
import type { TrafficColumns, TrafficSeries } from '@/lib/flows/contracts/trafficOverTime';
import type { Direction } from '@/lib/flows/direction';
import { isNetworkType } from '@/lib/flows/networkTypes';
import { type Bucket, bucketStates, joined, known, type Span } from './bucketStates';
import { otherColor, type ThemeColors } from './categories';
import type { Quantity } from './format';
import { keepLast } from './keepLast';
import { networkTypeColors } from './palette';

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
  /** as people read it */
  readonly label: string;
  readonly colors: ThemeColors;
  /** In the model's unit per bucket; null is a gap. */
  readonly values: readonly (number | null)[];
  readonly statistics: Statistics;
  /** bytes, packets or records of the range, exact */
  readonly sum: string;
}

export interface StackedAreaModel {
  readonly quantity: Quantity;
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
  const buckets = bucketStates(rows, meta, options.now);
  const states = buckets.map(({ state }) => state);
  const ready = (series: TrafficSeries): AreaSeries => ({
    key: series.key,
    label: series.key,
    colors: typeColors(series.key),
    values: rows.seconds.map((seconds, i) =>
      known(states[i]) ? (Number(series.bytes[i] ?? 0) * bitsPerByte) / seconds : null,
    ),
    statistics: scaled(series.statistics, bitsPerByte / 8),
    sum: series.statistics.total,
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

/** A type outside the list is drawn as Unclassified: it is exactly that. */
function typeColors(key: string): ThemeColors {
  return networkTypeColors[isNetworkType(key) ? key : 'Unclassified'];
}

function scaled(s: TrafficSeries['statistics'], factor: number): Statistics {
  const times = (value: number | null): number | null => (value === null ? null : value * factor);
  return { last: times(s.last), mean: times(s.mean), p95: times(s.p95), max: times(s.max), share: s.share };
}

function emptySeries(length: number): AreaSeries {
  return {
    key: 'Total',
    label: 'Total',
    colors: otherColor,
    values: Array.from({ length }, () => null),
    statistics: { last: null, mean: null, p95: null, max: null, share: 0 },
    sum: '0',
  };
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
export function stack(
  model: Pick<StackedAreaModel, 'buckets' | 'series' | 'total'>,
  hidden: ReadonlySet<string>,
  asShare: boolean,
): Layer[] {
  const layers: Stacked[] = [];
  for (const series of model.series) {
    if (hidden.has(series.key)) continue;
    const below = layers.at(-1) ?? null;
    const under = JSON.stringify(layers.map(({ key }) => key));
    layers.push(
      keptLayers(series, [model.buckets, model.total, asShare, under], () =>
        layerOn(below, series, model, asShare),
      ),
    );
  }
  return layers;
}

/** A layer, and where the next one begins: on the one below, where this one has nothing. */
interface Stacked extends Layer {
  readonly floor: readonly number[];
}

/** A click in the legend changes only the layers above. */
const keptLayers = keepLast<AreaSeries, Stacked>(2);

function layerOn(
  below: Stacked | null,
  series: AreaSeries,
  model: Pick<StackedAreaModel, 'buckets' | 'total'>,
  asShare: boolean,
): Stacked {
  const lower: (number | null)[] = [];
  const upper: (number | null)[] = [];
  const floor: number[] = [];
  for (const [i, value] of series.values.entries()) {
    const total = model.total.values[i] ?? 0;
    const isDrawn = value !== null && model.buckets[i]?.state !== 'arriving';
    const height = !isDrawn ? null : asShare ? (total > 0 ? value / total : 0) : value;
    const base = below?.floor[i] ?? 0;
    lower.push(height === null ? null : base);
    upper.push(height === null ? null : base + height);
    floor.push(base + (height ?? 0));
  }
  return { key: series.key, lower, upper, floor };
}

/** The highest upper edge of a stack; 0 when nothing is drawn. */
export function highest(layers: readonly Layer[]): number {
  const top = layers.at(-1);
  return top ? top.upper.reduce<number>((most, value) => Math.max(most, value ?? 0), 0) : 0;
}

/** The layer that holds a value in a bucket; null outside of the stack. */
export function layerAt(layers: readonly Layer[], index: number, value: number): string | null {
  for (const layer of layers) {
    const up = layer.upper[index];
    const low = layer.lower[index];
    if (up === null || up === undefined || low === null || low === undefined) return null;
    if (value <= up && value > low) return layer.key;
  }
  return null;
}
