import 'server-only';
import { z } from 'zod';
import { coveredIntervals } from '@/lib/flows/coverage';
import { rankOfP95 } from '@/lib/flows/percentile';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { join, NOTHING, sql, uint32, uint32s } from '@/lib/server/clickhouse/sql';
import { small } from '../rows';
import { onlyCovered } from '../statistics';
import { type Axis, lengthOf } from './axes';
import { type CellSlots, cellKey, nameAt, placed } from './cells';

/** All numbers of all cells together: of 16 bytes each, in every thread that reads. */
const MOST_NUMBERS = 4_000_000;

/** Whether each cell may keep all of its slots as one array; parts of the calendar have slots, and ranks, of their own. */
export function fitsInArrays(axes: readonly Axis[], slots: number): boolean {
  const cells = axes.reduce((product, axis) => product * (lengthOf(axis) + 1), 1);
  return axes.every((axis) => !('numbers' in axis)) && cells * slots <= MOST_NUMBERS;
}

const row = z.object({ at: z.array(small), p95: z.number() });

/**
 * The 95th percentile of every cell, of the totals of each axis and of everything, in units per second: number ceil(0.95 N) of the N covered
 * slots. Each cell is one array with a sum for each slot, and totals are made of those arrays, slot by slot: that reads the table once, and
 * is several times as fast as to group by slot and cell.
 * @param wanted.seconds covered seconds of each slot of the range; 0 = it does not count
 */
export async function loadP95OfArrays(
  context: QueryContext,
  wanted: CellSlots & { seconds: readonly number[] },
): Promise<Map<string, number>> {
  const { axes, zone, slots, value, coverage, slotSeconds, seconds } = wanted;
  const counted = seconds.filter((each) => each > 0).length;
  if (counted === 0) return new Map();
  const fromTop = uint32(counted - rankOfP95(counted) + 1);
  const { range } = coverage;
  const names = axes.map((_, i) => nameAt(i));
  const sets = axes.length === 1 ? [names, []] : [names, ...names.map((name) => [name]), []];
  const isWhole = seconds.every((each) => each === 0 || each === slotSeconds);
  const rates = isWhole
    ? sql`sumForEach(sums)`
    : // An hour that is covered in part counts with its covered seconds, whichever part of it that is.
      sql`arrayMap((total, covered) -> if(covered = 0, 0, total / covered), sumForEach(sums), ${uint32s(seconds)})`;
  const p95 = sql`arrayPartialReverseSort(${fromTop}, ${rates})[${fromTop}]`;
  const rows = await execute(
    context,
    sql`SELECT [${join(names, ', ')}] AS at, ${isWhole ? sql`${p95} / ${uint32(slotSeconds)}` : p95} AS p95
FROM
(
    SELECT ${placed(axes, zone)}, sumResample(0, ${uint32(seconds.length)}, 1)(toUInt128(${value}), intDiv(toUInt32(bucket) - ${uint32(range.from)}, ${uint32(slotSeconds)})) AS sums
    FROM
    (
${slots}
    )${isWhole ? onlyCovered(coveredIntervals(coverage), range) : NOTHING}
    GROUP BY ${join(names, ', ')}
)
GROUP BY GROUPING SETS (${join(
      sets.map((set) => sql`(${join(set, ', ')})`),
      ', ',
    )})`,
    row,
  );
  return new Map(rows.map((found) => [cellKey(found.at), found.p95]));
}
