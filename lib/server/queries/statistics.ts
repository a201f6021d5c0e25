import 'server-only';
import { z } from 'zod';
import { type Coverage, coveredIntervals } from '@/lib/flows/coverage';
import { secondsOf } from '@/lib/flows/intervals';
import { rankOfP95 } from '@/lib/flows/percentile';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { join, NOTHING, type Sql, sql, uint32, uint32s } from '@/lib/server/clickhouse/sql';
import { exact } from './rows';

/** Statistics of one series over the covered five-minute slots of a range. */
export interface SlotStatistics {
  /** empty = all types together */
  type: string;
  /** empty = both directions together */
  direction: string;
  /** bytes in covered slots */
  coveredBytes: string;
  /** bytes of the slot that is number ceil(0.95 N) of the N covered ones in ascending order */
  p95Bytes: string;
}

export interface SeriesWanted {
  byType: boolean;
  byDirection: boolean;
}

const row = z.object({ type: z.string(), direction: z.string(), coveredBytes: exact, p95Bytes: exact });

/**
 * Sums and 95th percentiles of five-minute slots, one row for each wanted series. `slots` yields (bucket, network_type, direction, bytes) in slots of
 * five minutes. Slots without a row count as zero when they are covered; what came in uncovered slots is left out.
 */
export async function loadStatistics(
  context: QueryContext,
  slots: Sql,
  coverage: Coverage,
  range: TimeRange,
  wanted: readonly SeriesWanted[],
): Promise<SlotStatistics[]> {
  const covered = coveredIntervals(coverage);
  const slotCount = secondsOf(covered) / SLOT_SECONDS;
  if (slotCount === 0) return [];
  const rank = rankOfP95(slotCount);
  const sets = join(
    wanted.map(({ byType, byDirection }) => {
      if (byType) return byDirection ? sql`(slot, type, way)` : sql`(slot, type)`;
      return byDirection ? sql`(slot, way)` : sql`(slot)`;
    }),
    ', ',
  );
  return execute(
    context,
    sql`SELECT type, way AS direction, sum(slot_bytes) AS coveredBytes,
    if(${uint32(rank)} > ${uint32(slotCount)} - count(), arraySort(groupArray(slot_bytes))[toInt64(${uint32(rank)}) - (${uint32(slotCount)} - toInt64(count()))], 0) AS p95Bytes
FROM
(
    SELECT slot, ${wanted.some((series) => series.byType) ? sql`type` : sql`'' AS type`}, ${wanted.some((series) => series.byDirection) ? sql`way` : sql`'' AS way`}, sum(toUInt128(bytes)) AS slot_bytes
    FROM (SELECT bucket AS slot, toString(network_type) AS type, toString(direction) AS way, bytes FROM
    (
${slots}
    )${onlyCovered(covered, range)})
    GROUP BY GROUPING SETS (${sets})
)
GROUP BY type, way
ORDER BY type, way`,
    row,
  );
}

/** Nothing where one interval covers the whole range, as nearly always. */
function onlyCovered(covered: readonly TimeRange[], range: TimeRange): Sql {
  const [only] = covered;
  if (covered.length === 1 && only && only.from <= range.from && only.to >= range.to) return NOTHING;
  const from = uint32s(covered.map((interval) => interval.from));
  const to = uint32s(covered.map((interval) => interval.to));
  return sql`
    WHERE toUnixTimestamp(bucket) IN (SELECT arrayJoin(arrayFlatten(arrayMap((f, t) -> range(f, t, 300), ${from}, ${to}))))`;
}
