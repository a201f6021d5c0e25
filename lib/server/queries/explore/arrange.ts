import 'server-only';
import type { ExploreSeries, SeriesMeasure } from '@/lib/flows/contracts/exploreOverTime';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import { type Direction, directionsOf } from '@/lib/flows/direction';
import { countsAddresses } from '@/lib/flows/measures';
import type { Axis } from '../axis';
import { shareOf } from '../rows';
import { magnitudeOf } from '../uniques';
import type { Statistics } from './groupStatistics';
import { keyDimensions, keysOf } from './keyColumns';
import type { FoundSeries } from './series';
import type { TopGroups } from './topGroups';
import { sumFor, unitsPer } from './valueColumn';

export interface ToArrange {
  measure: SeriesMeasure;
  by: readonly Dimension[];
  /** the direction of the scope */
  direction: Direction;
  byDirection: boolean;
  top: TopGroups;
  axis: Axis;
  found: readonly FoundSeries[];
  statistics: Statistics;
}

/** Found series in the order of the contract: the heaviest first, Other last, totals apart. */
export function arrange(wanted: ToArrange): { series: ExploreSeries[]; totals: ExploreSeries[] } {
  const { measure, by, byDirection, top, axis, found, statistics } = wanted;
  const columns = keyDimensions(by);
  const directions: readonly Direction[] = byDirection ? directionsOf('both') : [wanted.direction];
  const hasOthers = top.isAtLeast || top.found > top.groups.length;
  const series: ExploreSeries[] = [];
  const totals: ExploreSeries[] = [];
  for (const direction of directions) {
    const way = byDirection ? direction : '';
    const of = (position: number) =>
      onAxis(
        axis,
        found.filter((each) => each.position === position && each.way === way),
      );
    const groups = top.groups.map((group, i) => ({
      keys: keysOf(by, columns, group),
      drawn: of(i + 1),
      position: i + 1,
    }));
    const others = of(0);
    const everything = totalOf(measure, [...groups.map(({ drawn }) => drawn), others], of(-1));
    const finished = (keys: string[] | null, drawn: Drawing, position: number | null): ExploreSeries => ({
      keys,
      direction,
      sums: drawn.sums.map(String),
      addresses: drawn.addresses,
      statistics: statisticsFor(
        measure,
        drawn,
        everything,
        axis,
        statistics,
        statistics.rows.find(
          (row) => row.position === position && row.direction === (byDirection ? direction : null),
        ),
      ),
    });
    series.push(...groups.map(({ keys, drawn, position }) => finished(keys, drawn, position)));
    if (hasOthers) series.push(finished(null, others, 0));
    totals.push(finished([], everything, null));
  }
  return { series, totals };
}

/** A series on the axis: a bucket without a row is a zero here; whether it is a gap the seconds say. */
interface Drawing {
  sums: bigint[];
  addresses: number[] | null;
  total: bigint;
  /** distinct addresses of the whole range */
  all: number | null;
}

function onAxis(axis: Axis, found: readonly FoundSeries[]): Drawing {
  const index = new Map(axis.starts.map((start, i) => [start, i]));
  const [series] = found;
  const sums = new Array<bigint>(axis.starts.length).fill(0n);
  const counts = series?.addresses ? new Array<number>(axis.starts.length).fill(0) : null;
  series?.starts.forEach((start, i) => {
    const at = index.get(start);
    if (at === undefined) throw new Error(`bucket ${start} is not one of the axis from ${axis.starts[0]} on`);
    sums[at] = BigInt(series.sums[i] ?? '0');
    if (counts !== null) counts[at] = series.addresses?.[i] ?? 0;
  });
  return {
    sums,
    addresses: counts,
    total: sums.reduce((sum, value) => sum + value, 0n),
    all: series?.allAddresses ?? null,
  };
}

/** Sums add up; distinct addresses come merged. */
function totalOf(measure: SeriesMeasure, parts: readonly Drawing[], merged: Drawing): Drawing {
  if (countsAddresses(measure)) return withAddresses(merged);
  const sums = merged.sums.map((_, i) => parts.reduce((sum, part) => sum + (part.sums[i] ?? 0n), 0n));
  return { sums, addresses: null, all: null, total: sums.reduce((sum, value) => sum + value, 0n) };
}

function withAddresses(drawing: Drawing): Drawing {
  return drawing.addresses === null ? { ...drawing, addresses: drawing.sums.map(() => 0), all: 0 } : drawing;
}

function statisticsFor(
  measure: SeriesMeasure,
  drawn: Drawing,
  everything: Drawing,
  axis: Axis,
  statistics: Statistics,
  slots: Statistics['rows'][number] | undefined,
): ExploreSeries['statistics'] {
  const units = unitsPer(sumFor(measure));
  const shown = drawn.sums.flatMap((sum, i) => {
    const isSettled = ((axis.flags[i] ?? 0) & BUCKET_FLAGS.provisional) === 0;
    const value = isSettled
      ? valueOfBucket(measure, sum, drawn.addresses?.[i] ?? 0, axis.coveredSeconds[i] ?? 0)
      : null;
    return value === null ? [] : [value];
  });
  return {
    last: shown.at(-1) ?? null,
    mean:
      slots !== undefined
        ? slots.mean * units
        : statistics.why !== null && !countsAddresses(measure)
          ? meanOfBuckets(drawn.sums, axis, units)
          : null,
    p95: slots === undefined ? null : slots.p95 * units,
    max: shown.length > 0 ? shown.reduce((most, value) => Math.max(most, value), 0) : null,
    total: String(drawn.total),
    share: shareOf(drawn.total, everything.total),
    addresses: drawn.all,
  };
}

/**
 * What came in all drawn buckets that are covered and not provisional, by their covered seconds. Where only days or months are kept this is the
 * mean that can be told: what came in a day cannot be parted at the watermark.
 */
function meanOfBuckets(sums: readonly bigint[], axis: Axis, units: number): number | null {
  let total = 0n;
  let seconds = 0;
  for (const [i, sum] of sums.entries()) {
    const covered = axis.coveredSeconds[i] ?? 0;
    if (covered === 0 || ((axis.flags[i] ?? 0) & BUCKET_FLAGS.provisional) !== 0) continue;
    total += sum;
    seconds += covered;
  }
  return seconds === 0 ? null : (Number(total) * units) / seconds;
}

/** What a bucket shows: a rate, a count or bits per address; null where nothing was covered or nobody was seen. */
function valueOfBucket(
  measure: SeriesMeasure,
  sum: bigint,
  addresses: number,
  seconds: number,
): number | null {
  if (seconds === 0) return null;
  if (measure === 'uniqueness') return addresses;
  if (measure === 'magnitude') return magnitudeOf(sum, addresses);
  return (Number(sum) * unitsPer(sumFor(measure))) / seconds;
}
