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

const row = z.object({ coveredBytes: z.array(exact), p95Bytes: z.array(exact) });

/**
 * Sums and 95th percentiles of five-minute slots of each type and of their sum: with directions apart both of each direction, except that the
 * sum alone also comes for both directions together. `slots` yields (bucket, network_type where types are wanted, direction where directions
 * are, bytes) in slots of five minutes. Slots without a row count as zero when they are covered; what came in uncovered slots is left out.
 *
 * Each slot becomes one row with all its series: over a quarter (0.4 M rows) that takes a quarter of the time of grouping by slot and series.
 * Of N covered slots number ceil(0.95 N) in ascending order is number N - ceil(0.95 N) + 1 in descending order, and zero where fewer slots have rows.
 */
export async function loadStatistics(
  context: QueryContext,
  slots: Sql,
  coverage: Coverage,
  range: TimeRange,
  wanted: SeriesWanted,
): Promise<SlotStatistics[]> {
  const covered = coveredIntervals(coverage);
  const slotCount = secondsOf(covered) / SLOT_SECONDS;
  if (slotCount === 0) return [];
  const series = seriesOf(wanted);
  const fromTop = uint32(slotCount - rankOfP95(slotCount) + 1);
  const [found] = await execute(
    context,
    sql`SELECT sumForEach(series) AS coveredBytes,
    arrayMap(values -> arrayPartialReverseSort(${fromTop}, values)[${fromTop}], groupArrayForEach(series)) AS p95Bytes
FROM
(
    SELECT [${join(series.map(sumOf), ', ')}] AS series
    FROM
    (
${slots}
    )${onlyCovered(covered, range)}
    GROUP BY bucket
)`,
    row,
  );
  return series.map((each, i) => ({
    ...each,
    coveredBytes: found?.coveredBytes[i] ?? '0',
    p95Bytes: found?.p95Bytes[i] ?? '0',
  }));
}

type Series = Pick<SlotStatistics, 'type' | 'direction'>;

function seriesOf({ types, byDirection }: SeriesWanted): Series[] {
  const directions: readonly (CountedDirection | null)[] = byDirection ? COUNTED_DIRECTIONS : [null];
  if (types === null) {
    return [null, ...(byDirection ? COUNTED_DIRECTIONS : [])].map((direction) => ({ type: null, direction }));
  }
  return [null, ...types].flatMap((type) => directions.map((direction) => ({ type, direction })));
}

function sumOf({ type, direction }: Series): Sql {
  const conditions = [
    ...(type === null ? [] : [sql`network_type = ${text(type)}`]),
    ...(direction === null ? [] : [sql`direction = ${text(direction)}`]),
  ];
  return conditions.length === 0
    ? sql`sum(toUInt128(bytes))`
    : sql`sumIf(toUInt128(bytes), ${join(conditions, ' AND ')})`;
}

/** Nothing where the whole range is covered; bounds where one interval of it is, as while the newest slots are still on their way. */
function onlyCovered(covered: readonly TimeRange[], range: TimeRange): Sql {
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
