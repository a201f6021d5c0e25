import 'server-only';
import { z } from 'zod';
import type { Direction } from '@/lib/flows/direction';
import type { Filters } from '@/lib/flows/filter/filter';
import type { HeavyTable } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, sql } from '@/lib/server/clickhouse/sql';
import { conditions, tableName } from '../columns';
import { exact, small } from '../rows';
import { MONTH_MOST, MOST } from './leftOut';
import type { SumOf } from './valueColumn';

/** What lists of closed months say of who is not on them. */
export interface UnlistedBounds {
  /** what one key can have carried at most without being on the list, by start of the month; a month without others has none */
  most: ReadonlyMap<number, bigint>;
  /** keys that there are at least in each of these months: the others of one region, type and direction */
  atLeast: ReadonlyMap<number, number>;
}

const row = z.object({ month: small, most: exact, others: small });

/**
 * Reads the rows of all others alone; months must have been closed by the present rule.
 * @param months starts of UTC months, epoch seconds
 */
export async function unlistedBounds(
  context: QueryContext,
  wanted: { table: HeavyTable; months: readonly number[]; direction: Direction; filters: Filters; of: SumOf },
): Promise<UnlistedBounds> {
  const { table, months, direction, filters, of } = wanted;
  if (months.length === 0) return { most: new Map(), atLeast: new Map() };
  const rows = await execute(
    context,
    sql`SELECT toUnixTimestamp(bucket) AS month, least(sum(cell_most), max(whole_most)) AS most, max(cell_others) AS others
FROM
(
    SELECT bucket, region, network_type, direction, max(toUInt128(${MOST(of)})) AS cell_most, max(toUInt128(${MONTH_MOST(of)})) AS whole_most, max(others) AS cell_others
    FROM ${tableName(table)}
    WHERE rank = 0 AND (${join(
      months.map((month) => sql`bucket = ${instant(month)}`),
      ' OR ',
    )}) AND ${conditions(direction, filters, table)}
    GROUP BY bucket, region, network_type, direction
)
GROUP BY bucket`,
    row,
  );
  return {
    most: new Map(rows.map(({ month, most }) => [month, BigInt(most)])),
    atLeast: new Map(rows.map(({ month, others }) => [month, others])),
  };
}
