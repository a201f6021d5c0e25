import 'server-only';
import { z } from 'zod';
import type { Dimension } from '@/lib/flows/dimensions';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { join, type Sql, sql, uint32 } from '@/lib/server/clickhouse/sql';
import { columnList } from '../columns';
import { exact, small } from '../rows';
import { keyNames, readKeys } from './keyColumns';

/** The heaviest groups, and how many there are in all. */
export interface TopGroups {
  /** texts of the columns, the heaviest group first */
  groups: string[][];
  found: number;
  /** there may be more than were found */
  isAtLeast: boolean;
  /** found by lists of closed months and quarters */
  isByLists: boolean;
  /** of many: only the days of the groups need be read, all others are what is left of everything */
  isOfMany: boolean;
}

/** Groups with what they were ordered by. */
export interface RankedGroups extends TopGroups {
  weights: bigint[];
}

export const NO_GROUPS: TopGroups = {
  groups: [],
  found: 0,
  isAtLeast: false,
  isByLists: false,
  isOfMany: false,
};

const row = z.object({ keys: z.array(z.string()), found: small, weight: exact });

/**
 * Groups in the order of a sum or a distinct count, greatest first; equal ones by their keys, so that the order is always the same.
 * @param from yields the columns and what `weight` aggregates
 * @param uncounted spares counting all groups: `found` is 0 then
 * @param weight an aggregate such as sum(toUInt128(bytes))
 */
export async function loadTopGroups(
  context: QueryContext,
  wanted: { from: Sql; columns: readonly Dimension[]; weight: Sql; top: number; uncounted?: boolean },
): Promise<RankedGroups> {
  const { columns, from, weight, top } = wanted;
  if (columns.length === 0) return { ...NO_GROUPS, weights: [] };
  const names = join(keyNames(columns.length), ', ');
  const rows = await execute(
    context,
    sql`SELECT [${names}] AS keys, found, toString(weight) AS weight
FROM
(
    SELECT ${readKeys(columns)}, weight, ${wanted.uncounted ? sql`0` : sql`count() OVER ()`} AS found
    FROM
    (
        SELECT ${columnList(columns)}, ${weight} AS weight
        FROM
        (
${from}
        )
        GROUP BY ${columnList(columns)}
    )
    ORDER BY weight DESC, ${names}
    LIMIT ${uint32(top)}
)`,
    row,
  );
  return {
    ...NO_GROUPS,
    groups: rows.map(({ keys }) => keys),
    weights: rows.map(({ weight }) => BigInt(weight)),
    found: rows[0]?.found ?? 0,
  };
}
