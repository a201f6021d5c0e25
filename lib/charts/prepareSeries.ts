import type { Meta } from '@/lib/flows/contracts/envelope';
import type { ExploreColumns, ExploreSeries } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { SeriesMeasure } from '@/lib/flows/exploreLimits';
import { canStack, seriesKey } from '@/lib/flows/exploreState';
import { compareNetworkTypes, isNetworkType } from '@/lib/flows/networkTypes';
import { type Bucket, bucketStates, joined, known, type Span } from './bucketStates';
import { otherColor, type ThemeColors } from './categories';
import { groupLabel, namesFrom } from './keyLabel';
import { networkTypeColors } from './palette';
import type { AreaSeries } from './prepareStackedArea';
import { type Pair, type PastPoint, pairedBuckets, pastPoints, rateOver } from './seriesChange';
import { quantityOf, valueIn } from './seriesValue';

/** A series with what it was in the range that is compared. */
export interface ExploreLine extends AreaSeries {
  /** null = all other groups together, or everything */
  readonly keys: readonly string[] | null;
  /** distinct addresses of the whole range; null unless addresses are counted */
  readonly addresses: number | null;
  /** over the stretches that are whole in both ranges, in the model's quantity; null where nothing can be compared */
  readonly now: number | null;
  readonly before: number | null;
  /** the range that is compared, laid over this one; empty where there is none */
  readonly past: readonly PastPoint[];
}

/** All series of one direction: everything of a picture, or the half above or below the line of a mirrored one. */
export interface Half {
  readonly direction: Direction;
  /** bottom of the stack first, Other last */
  readonly series: readonly ExploreLine[];
  readonly total: ExploreLine;
}

export interface SeriesModel {
  readonly measure: SeriesMeasure;
  readonly by: readonly Dimension[];
  readonly quantity: ReturnType<typeof quantityOf>;
  readonly from: number;
  readonly to: number;
  readonly buckets: readonly Bucket[];
  readonly gaps: readonly Span[];
  readonly arriving: readonly Span[];
  /** one, or ingress and egress */
  readonly halves: readonly Half[];
  /** whether values of series add up to the total's */
  readonly stacks: boolean;
  /** groups that are named, and that there are in all */
  readonly shown: number;
  readonly found: number;
  /** there are at least so many groups */
  readonly foundAtLeast: boolean;
  /** what p95 is of; null = it has none */
  readonly p95Of: 'p95 of 5-minute means' | 'p95 of hourly means' | null;
  readonly compared: { readonly from: number; readonly to: number; readonly buckets: number } | null;
  readonly comparedMissing: string | null;
  readonly zero: boolean;
  readonly nothing: boolean;
}

export interface SeriesOptions {
  readonly measure: SeriesMeasure;
  readonly by: readonly Dimension[];
  readonly unit: 'bits' | 'bytes';
  /** when the answer was given, UTC epoch seconds */
  readonly now: number;
  /** of sets without fixed colors, by `seriesKey` */
  readonly colors: ReadonlyMap<string, ThemeColors>;
}

/** What the only series of an answer without groups is called. */
const EVERYTHING = 'Everything';

const P95_OF = { slots: 'p95 of 5-minute means', hours: 'p95 of hourly means' } as const;

/** A measure over time by groups, ready to draw: labels, colors, values of buckets, statistics, and the range that is compared. */
export function prepareSeries(
  rows: ExploreColumns,
  meta: Pick<Meta, 'from' | 'to' | 'watermark'>,
  options: SeriesOptions,
): SeriesModel {
  const { measure, by } = options;
  const buckets = countable(bucketStates(rows, meta, options.now), measure);
  const { previous } = rows;
  const pairs = previous === null ? [] : pairedBuckets(buckets, previous, meta);
  const names = namesFrom(rows.names);
  const perUnit = options.unit === 'bytes' ? 8 : 1;

  const ready = (series: ExploreSeries, before: ExploreSeries | undefined, label: string): ExploreLine => {
    const key = seriesKey(series.keys);
    const { statistics } = series;
    const scaled = (value: number | null) => scaledStatistic(value, measure, perUnit);
    return {
      key,
      label,
      keys: series.keys,
      colors: colorsFor(series.keys, key, options),
      values: buckets.map(({ state }, i) =>
        known(state) ? valueIn(measure, options.unit, series, i, rows.seconds[i] ?? 0) : null,
      ),
      statistics: {
        last: scaled(statistics.last),
        mean: scaled(statistics.mean),
        p95: scaled(statistics.p95),
        max: scaled(statistics.max),
        share: statistics.share,
      },
      sum: statistics.total,
      addresses: statistics.addresses,
      ...changeOf(series, before, pairs),
      past:
        previous === null || before === undefined
          ? []
          : pastPoints(previous, before, { measure, unit: options.unit }, meta, buckets),
    };
  };
  function changeOf(series: ExploreSeries, before: ExploreSeries | undefined, each: readonly Pair[]) {
    if (previous === null || before === undefined || each.length === 0) return { now: null, before: null };
    const asked = { measure, unit: options.unit };
    return {
      now: rateOver(
        asked,
        series,
        rows.seconds,
        each.map(({ now }) => now),
      ),
      before: rateOver(
        asked,
        before,
        previous.seconds,
        each.map((pair) => pair.before),
      ),
    };
  }
  const earlier = (of: readonly ExploreSeries[] | undefined, series: ExploreSeries) =>
    of?.find(
      (each) => each.direction === series.direction && seriesKey(each.keys) === seriesKey(series.keys),
    );

  const halves = rows.totals.map((total): Half => {
    const mine = rows.series.filter(({ direction }) => direction === total.direction);
    const everything = ready(total, earlier(previous?.totals, total), 'Total');
    const series = inOrder(mine, by).map((each) =>
      ready(each, earlier(previous?.series, each), labelOf(each, by, names, rows)),
    );
    return {
      direction: total.direction,
      total: everything,
      series: by.length === 0 ? [{ ...everything, label: EVERYTHING }] : series,
    };
  });
  const drawn = halves.flatMap(({ total }) => total.values);
  return {
    measure,
    by,
    quantity: quantityOf(measure, options.unit),
    from: meta.from,
    to: meta.to,
    buckets,
    gaps: joined(buckets, 'gap'),
    arriving: joined(buckets, 'arriving'),
    halves,
    stacks: canStack(measure),
    shown: new Set(rows.series.flatMap(({ keys }) => (keys === null ? [] : [seriesKey(keys)]))).size,
    found: rows.found,
    foundAtLeast: rows.foundAtLeast,
    p95Of: rows.p95 === null ? null : P95_OF[rows.p95],
    compared: previous === null ? null : { from: previous.from, to: previous.to, buckets: pairs.length },
    comparedMissing: rows.previousMissing,
    zero: drawn.every((value) => value === null || value === 0),
    nothing: !buckets.some(({ state }) => known(state)),
  };
}

/** A count of addresses grows until its bucket is over: drawn before, it would show a fall that did not happen. */
function countable(buckets: readonly Bucket[], measure: SeriesMeasure): readonly Bucket[] {
  if (canStack(measure)) return buckets;
  return buckets.map((bucket) =>
    bucket.state === 'provisional' ? { ...bucket, state: 'arriving' as const } : bucket,
  );
}

/** Keys without fixed colors, heaviest first: what `keptColors` is asked about. */
export function keysToColor(rows: Pick<ExploreColumns, 'series'>, by: readonly Dimension[]): string[] {
  if (isTypes(by)) return [];
  return [...new Set(rows.series.flatMap(({ keys }) => (keys === null ? [] : [seriesKey(keys)])))];
}

function isTypes(by: readonly Dimension[]): boolean {
  return by.length === 1 && by[0] === 'type';
}

function colorsFor(
  keys: readonly string[] | null,
  key: string,
  { by, colors }: Pick<SeriesOptions, 'by' | 'colors'>,
): ThemeColors {
  if (keys === null) return otherColor;
  if (by.length === 0) return networkTypeColors['ISP Regional'];
  const [first = ''] = keys;
  if (isTypes(by)) return networkTypeColors[isNetworkType(first) ? first : 'Unclassified'];
  return colors.get(key) ?? otherColor;
}

/** Network types stand in their order everywhere; other groups with the heaviest at the bottom; Other on top. */
function inOrder(series: readonly ExploreSeries[], by: readonly Dimension[]): ExploreSeries[] {
  if (!isTypes(by)) return [...series];
  return [...series].sort((a, b) =>
    a.keys === null || b.keys === null
      ? Number(a.keys === null) - Number(b.keys === null)
      : compareNetworkTypes(a.keys[0] ?? '', b.keys[0] ?? ''),
  );
}

function labelOf(
  { keys }: ExploreSeries,
  by: readonly Dimension[],
  names: ReturnType<typeof namesFrom>,
  rows: ExploreColumns,
): string {
  if (keys !== null) return groupLabel(by, keys, names);
  if (rows.foundAtLeast) return 'Other';
  const named = new Set(rows.series.flatMap((each) => (each.keys === null ? [] : [seriesKey(each.keys)])))
    .size;
  return `Other (${(rows.found - named).toLocaleString('en-US')})`;
}

function scaledStatistic(value: number | null, measure: SeriesMeasure, perUnit: number): number | null {
  if (value === null) return null;
  return measure === 'traffic' || measure === 'magnitude' ? value / perUnit : value;
}
