import type { ExploreColumns, ExploreSeries } from '@/lib/flows/contracts/exploreOverTime';
import type { Direction } from '@/lib/flows/direction';

const HOUR = 3_600;

/** Statistics that no test looks at, but for what it gives. */
function statistics(change: Partial<ExploreSeries['statistics']>): ExploreSeries['statistics'] {
  return { last: null, mean: null, p95: null, max: null, total: '0', share: 0, addresses: null, ...change };
}

/** One series of made-up sums. */
export function made(
  keys: readonly string[] | null,
  sums: readonly number[],
  direction: Direction = 'both',
  change: Partial<ExploreSeries> & { p95?: number } = {},
): ExploreSeries {
  const { p95, ...rest } = change;
  const total = String(sums.reduce((sum, value) => sum + value, 0));
  return {
    keys: keys === null ? null : [...keys],
    direction,
    sums: sums.map(String),
    addresses: null,
    statistics: statistics({ total, p95: p95 ?? null }),
    ...rest,
  };
}

/** An axis of whole hours, all covered. */
export function hours(count: number, from = 0) {
  return {
    buckets: Array.from({ length: count }, (_, i) => from + i * HOUR),
    end: from + count * HOUR,
    coveredSeconds: new Array<number>(count).fill(HOUR),
    seconds: new Array<number>(count).fill(HOUR),
    flags: new Array<number>(count).fill(0),
  };
}

/** An answer whose totals are the sums of its series, one for each direction. */
export function answerOf(
  series: readonly ExploreSeries[],
  change: Partial<ExploreColumns> = {},
): ExploreColumns {
  const count = series[0]?.sums.length ?? 0;
  const directions = [...new Set(series.map(({ direction }) => direction))];
  return {
    ...hours(count),
    series: [...series],
    totals: directions.map((direction) => totalOf(series, direction)),
    found: series.length,
    foundAtLeast: false,
    p95: null,
    names: [],
    previous: null,
    previousMissing: null,
    ...change,
  };
}

/** The sum of all series of a direction. */
export function totalOf(series: readonly ExploreSeries[], direction: Direction): ExploreSeries {
  const mine = series.filter((each) => each.direction === direction);
  const sums = (mine[0]?.sums ?? []).map((_, i) =>
    mine.reduce((sum, each) => sum + Number(each.sums[i] ?? '0'), 0),
  );
  return made([], sums, direction);
}
