import 'server-only';
import { z } from 'zod';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql } from '@/lib/server/clickhouse/sql';
import { exact, small } from '../rows';
import type { FoundSeries } from './series';

const HOUR = 3_600;

/** Sums of one group in one direction, hour by hour of UTC. */
export interface HourlySums {
  /** position of the group from 1; 0 = every group that has none */
  position: number;
  /** '' where directions are not carried apart */
  way: string;
  /** starts of hours with anything in them, in order of time */
  hours: number[];
  sums: bigint[];
}

const row = z.object({ position: small, way: z.string(), hours: z.array(z.number()), sums: z.array(exact) });

/**
 * Sums of every group by hour: what statistics of hours and buckets of whole hours are both made of, so that the slots are read once.
 * @param placed yields (bucket, position, direction where it is carried apart, value)
 */
export async function loadHourlySums(
  context: QueryContext,
  placed: Sql,
  byDirection: boolean,
): Promise<HourlySums[]> {
  const rows = await execute(
    context,
    sql`SELECT position, way, groupArray(hour) AS hours, groupArray(total) AS sums
FROM
(
    SELECT toUnixTimestamp(toStartOfHour(bucket)) AS hour, position, ${byDirection ? sql`toString(direction)` : sql`''`} AS way, sum(toUInt128(value)) AS total
    FROM
    (
${placed}
    )
    GROUP BY hour, position, way
    ORDER BY hour
)
GROUP BY position, way`,
    row,
  );
  return rows.map((each) => ({ ...each, sums: each.sums.map(BigInt) }));
}

/** Whether hours of UTC make up buckets that begin at these instants. */
export function makeBuckets(starts: readonly number[], end: number): boolean {
  return [...starts, end].every((start) => start % HOUR === 0);
}

/** The same in buckets of whole hours. @param starts of all buckets, in order of time; the first may lie before the first hour */
export function inBuckets(hourly: readonly HourlySums[], starts: readonly number[]): FoundSeries[] {
  return hourly.map(({ position, way, hours, sums }) => {
    const bucketSums = new Map<number, bigint>();
    let bucket = 0;
    for (const [i, hour] of hours.entries()) {
      while ((starts[bucket + 1] ?? Number.POSITIVE_INFINITY) <= hour) bucket += 1;
      const start = starts[bucket] ?? hour;
      bucketSums.set(start, (bucketSums.get(start) ?? 0n) + (sums[i] ?? 0n));
    }
    return {
      position,
      way,
      starts: [...bucketSums.keys()],
      sums: [...bucketSums.values()].map(String),
      addresses: null,
      allAddresses: null,
    };
  });
}
