import 'server-only';
import { z } from 'zod';
import { type Coverage, coveredIntervals } from '@/lib/flows/coverage';
import { COUNTED_DIRECTIONS, type CountedDirection } from '@/lib/flows/direction';
import { secondsOf } from '@/lib/flows/intervals';
import { rankOfP95 } from '@/lib/flows/percentile';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, NOTHING, type Sql, sql, text, uint32, uint32s } from '@/lib/server/clickhouse/sql';
import { exact } from './rows';

/** Statistics of one series over the covered five-minute slots of a range. */
export interface SlotStatistics {
  /** null = all types together */
  type: string | null;
  /** null = both directions together */
  direction: CountedDirection | null;
  /** bytes in covered slots */
  coveredBytes: string;
  /** bytes of the slot that is number ceil(0.95 N) of the N covered ones in ascending order */
  p95Bytes: string;
}

export interface SeriesWanted {
  /** types that have series of their own, beside the sum of everything; null = the sum alone */
  types: readonly string[] | null;
  /** also (or, with types, instead) apart by direction */
  byDirection: boolean;
}

/**
 * Sums and 95th percentiles of five-minute slots of each type and of their sum: with directions apart both of each direction, except that the
 * sum alone also comes for both directions together. `slots` yields (bucket, network_type where types are wanted, direction where directions
 * are, bytes) in slots of five minutes.
 */
export async function loadStatistics(
  context: QueryContext,
  slots: Sql,
  coverage: Coverage,
  range: TimeRange,
  wanted: SeriesWanted,
): Promise<SlotStatistics[]> {
  const series = seriesOf(wanted);
  const found = await loadSlotStatistics(context, {
    slots,
    value: sql`bytes`,
    series: series.map(conditionsOf),
    coverage,
    range,
  });
  return found.map(({ sum, p95 }, i) => {
    const { type, direction } = series[i] ?? { type: null, direction: null };
    return { type, direction, coveredBytes: sum, p95Bytes: p95 };
  });
}

export interface SlotsToSum {
  /** yields (bucket, value, and what the conditions name) in slots of five minutes */
  slots: Sql;
  /** the column that is summed up */
  value: Sql;
  /** the rows of each series: all conditions hold; none = every row */
  series: readonly (readonly Sql[])[];
  coverage: Coverage;
  /** of the slots, on their edges */
  range: TimeRange;
}

const row = z.object({ sums: z.array(exact), p95s: z.array(exact) });

/**
 * Sum over the covered five-minute slots of each series, and the sum of the slot that is number ceil(0.95 N) of the N covered ones in ascending
 * order. Slots without a row count as zero when they are covered; what came in uncovered slots is left out. Nothing where no slot is covered.
 *
 * Each slot becomes one row with all its series: over a quarter (0.4 M rows) that takes a quarter of the time of grouping by slot and series.
 * Of N covered slots number ceil(0.95 N) in ascending order is number N - ceil(0.95 N) + 1 in descending order, and zero where fewer slots have rows.
 */
export async function loadSlotStatistics(
  context: QueryContext,
  { slots, value, series, coverage, range }: SlotsToSum,
): Promise<{ sum: string; p95: string }[]> {
  const covered = coveredIntervals(coverage);
  const slotCount = secondsOf(covered) / SLOT_SECONDS;
  if (slotCount === 0) return [];
  const fromTop = uint32(slotCount - rankOfP95(slotCount) + 1);
  const [found] = await execute(
    context,
    sql`SELECT sumForEach(series) AS sums,
    arrayMap(values -> arrayPartialReverseSort(${fromTop}, values)[${fromTop}], groupArrayForEach(series)) AS p95s
FROM
(
    SELECT [${join(
      series.map((conditions) => sumOf(value, conditions)),
      ', ',
    )}] AS series
    FROM
    (
${slots}
    )${onlyCovered(covered, range)}
    GROUP BY bucket
)`,
    row,
  );
  return series.map((_, i) => ({ sum: found?.sums[i] ?? '0', p95: found?.p95s[i] ?? '0' }));
}

function sumOf(value: Sql, conditions: readonly Sql[]): Sql {
  return conditions.length === 0
    ? sql`sum(toUInt128(${value}))`
    : sql`sumIf(toUInt128(${value}), ${join(conditions, ' AND ')})`;
}

type Series = Pick<SlotStatistics, 'type' | 'direction'>;

function seriesOf({ types, byDirection }: SeriesWanted): Series[] {
  const directions: readonly (CountedDirection | null)[] = byDirection ? COUNTED_DIRECTIONS : [null];
  if (types === null) {
    return [null, ...(byDirection ? COUNTED_DIRECTIONS : [])].map((direction) => ({ type: null, direction }));
  }
  return [null, ...types].flatMap((type) => directions.map((direction) => ({ type, direction })));
}

function conditionsOf({ type, direction }: Series): Sql[] {
  return [
    ...(type === null ? [] : [sql`network_type = ${text(type)}`]),
    ...(direction === null ? [] : [sql`direction = ${text(direction)}`]),
  ];
}

/** Nothing where the whole range is covered; bounds where one interval of it is, as while the newest slots are still on their way. */
export function onlyCovered(covered: readonly TimeRange[], range: TimeRange): Sql {
  const [only] = covered;
  if (covered.length === 1 && only) {
    if (only.from <= range.from && only.to >= range.to) return NOTHING;
    return sql`
    WHERE bucket >= ${instant(only.from)} AND bucket < ${instant(only.to)}`;
  }
  const from = uint32s(covered.map((interval) => interval.from));
  const to = uint32s(covered.map((interval) => interval.to));
  return sql`
    WHERE toUnixTimestamp(bucket) IN (SELECT arrayJoin(arrayFlatten(arrayMap((f, t) -> range(f, t, 300), ${from}, ${to}))))`;
}
