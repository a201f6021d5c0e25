import type { Meta } from '@/lib/flows/contracts/envelope';
import type { ExploreColumns, ExploreSeries } from '@/lib/flows/contracts/exploreOverTime';
import { countsAddresses } from '@/lib/flows/measures';
import { type Bucket, bucketAt, stateOf } from './bucketStates';
import { type Asked, perSum, valueIn } from './seriesValue';

type Previous = NonNullable<ExploreColumns['previous']>;

/** Two buckets that are the same stretch of their ranges, both whole and settled. */
export interface Pair {
  readonly now: number;
  readonly before: number;
}

/** A value of the range that is compared, at the instant of this range over which it is laid. */
export interface PastPoint {
  readonly from: number;
  readonly to: number;
  readonly value: number | null;
}

/** Where clocks change, the same hour of the wall stands an hour apart. */
const MOST_APART = 3_600;

/** Buckets at least this long are months: they differ in length, and the third month of a range is the third of the other. */
const SHORTEST_MONTH = 28 * 86_400 - MOST_APART;

/**
 * The buckets that can be compared: whole in both ranges, equally long (or both a month), and at the same place. Where the ranges differ in
 * length, what one has and the other has not is left out.
 */
export function pairedBuckets(
  buckets: readonly Bucket[],
  previous: Previous,
  meta: Pick<Meta, 'from'>,
): Pair[] {
  const laid = laidOver(previous, meta, buckets);
  return buckets.flatMap((bucket, now): Pair[] => {
    if (bucket.state !== 'whole' || laid.length === 0) return [];
    if (isMonth(bucket)) return laid[now]?.state === 'whole' ? [{ now, before: now }] : [];
    const before = bucketAt(laid, (bucket.from + bucket.to) / 2);
    const other = laid[before];
    if (other === undefined || other.state !== 'whole') return [];
    const isEqual =
      other.to - other.from === bucket.to - bucket.from && Math.abs(other.from - bucket.from) <= MOST_APART;
    return isEqual ? [{ now, before }] : [];
  });
}

function isMonth({ from, to }: Bucket): boolean {
  return to - from >= SHORTEST_MONTH;
}

/**
 * Buckets of the range that is compared, moved so that both ranges begin at the same instant; a month lies over the month at its place,
 * whatever the lengths of those before it.
 */
function laidOver(previous: Previous, meta: Pick<Meta, 'from'>, buckets: readonly Bucket[]): Bucket[] {
  const shift = meta.from - previous.from;
  return previous.buckets.map((start, i) => {
    const from = Math.max(start, previous.from);
    const to = Math.min(previous.buckets[i + 1] ?? previous.end, previous.to);
    const state = stateOf(previous.flags[i] ?? 0, previous.seconds[i] ?? 0);
    const over = buckets[i];
    return over !== undefined && isMonth(over) && isMonth({ from, to, state })
      ? { from: over.from, to: over.to, state }
      : { from: from + shift, to: to + shift, state };
  });
}

/** The range that is compared, laid over this one. */
export function pastPoints(
  previous: Previous,
  series: ExploreSeries,
  { measure, unit }: Asked,
  meta: Pick<Meta, 'from'>,
  buckets: readonly Bucket[],
): PastPoint[] {
  return laidOver(previous, meta, buckets).map(({ from, to, state }, i) => ({
    from,
    to,
    // Part of a bucket has a rate, but not the bucket's count of addresses.
    value:
      countsAddresses(measure) && state !== 'whole'
        ? null
        : valueIn(measure, unit, series, i, previous.seconds[i] ?? 0),
  }));
}

/**
 * What a series was over some of its buckets: sums by their seconds, so that stretches of unequal coverage compare; of distinct addresses
 * and of volume by address the mean of the buckets, as neither adds up. null where there is nothing to divide by.
 */
export function rateOver(
  asked: Asked,
  series: ExploreSeries,
  seconds: readonly number[],
  indices: readonly number[],
): number | null {
  if (countsAddresses(asked.measure)) {
    const values = indices.flatMap(
      (i) => valueIn(asked.measure, asked.unit, series, i, seconds[i] ?? 0) ?? [],
    );
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  const divisor = indices.reduce((sum, i) => sum + (seconds[i] ?? 0), 0);
  const sum = indices.reduce((total, i) => total + BigInt(series.sums[i] ?? '0'), 0n);
  return divisor === 0 ? null : (Number(sum) * perSum(asked)) / divisor;
}
