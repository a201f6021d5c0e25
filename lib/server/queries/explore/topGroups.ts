import 'server-only';
import { z } from 'zod';
import type { Dimension } from '@/lib/flows/dimensions';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { join, type Sql, sql, uint32 } from '@/lib/server/clickhouse/sql';
import { columnList } from '../columns';
import { small } from '../rows';
import { keyNames, readKeys } from './keyColumns';

/** The heaviest groups, and how many there are in all. */
export interface TopGroups {
  /** texts of the columns, the heaviest group first */
  groups: string[][];
  found: number;
}

const row = z.object({ keys: z.array(z.string()), found: small });

/**
 * Groups in the order of a sum or a distinct count, greatest first; equal ones by their keys, so that the order is always the same.
 * @param from yields the columns and what `weight` aggregates
 * @param weight an aggregate such as sum(toUInt128(bytes))
 */
export async function loadTopGroups(
  context: QueryContext,
  wanted: { from: Sql; columns: readonly Dimension[]; weight: Sql; top: number },
): Promise<TopGroups> {
  const { columns, from, weight, top } = wanted;
  if (columns.length === 0) return { groups: [], found: 0 };
  const names = join(keyNames(columns.length), ', ');
  const rows = await execute(
    context,
    sql`SELECT [${names}] AS keys, found
FROM
(
    SELECT ${readKeys(columns)}, weight, count() OVER () AS found
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
  return { groups: rows.map(({ keys }) => keys), found: rows[0]?.found ?? 0 };
}
