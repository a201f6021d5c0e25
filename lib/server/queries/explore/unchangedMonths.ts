import 'server-only';
import { z } from 'zod';
import { afterMonths, MONTHS_OF_QUARTER } from '@/lib/flows/months';
import type { HeavyTable, QuarterTable } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, type Sql, sql, text } from '@/lib/server/clickhouse/sql';
import { tableName } from '../columns';
import { small } from '../rows';

const row = z.object({ start: small });

/**
 * Those of closed months whose list was made of what is stored now: nothing came later, and nothing got another region, network type or direction. Made
 * anew for every question: an answer is remembered for as long as what is stored stays the same.
 *
 * @param months starts of UTC months, epoch seconds
 */
export async function unchangedMonths(
  context: QueryContext,
  table: HeavyTable,
  months: readonly number[],
): Promise<number[]> {
  if (months.length === 0) return [];
  const days = join(
    months.map((month) => sql`toStartOfMonth(bucket) = toDate(${instant(month)})`),
    ' OR ',
  );
  const rows = await execute(
    context,
    unchanged(table, sql`toUnixTimestamp(toDateTime(toStartOfMonth(d.bucket), 'UTC'))`, days),
    row,
  );
  return rows.map(({ start }) => start);
}

/** Whether a quarter's ranking was made of what is stored now. @param quarter its start, epoch seconds */
export async function isUnchangedQuarter(
  context: QueryContext,
  table: QuarterTable,
  quarter: number,
): Promise<boolean> {
  const days = sql`bucket >= ${instant(quarter)} AND bucket < ${instant(afterMonths(quarter, MONTHS_OF_QUARTER))}`;
  const rows = await execute(context, unchanged(table, sql`toUnixTimestamp(${instant(quarter)})`, days), row);
  return rows.length > 0;
}

function unchanged(table: HeavyTable | QuarterTable, start: Sql, days: Sql): Sql {
  return sql`SELECT start
FROM
(
    SELECT toUnixTimestamp(month) AS start, argMax((bytes, packets, toUInt64(flow_records), signature), closed_at) AS sums
    FROM closed_months
    WHERE table_name = ${text(table)}
    GROUP BY start
) AS closed
INNER JOIN
(
    SELECT ${start} AS start,
        (sum(toUInt128(d.bytes)), sum(toUInt128(d.packets)), toUInt64(sum(d.flow_records)), sum(toUInt64(d.bytes) * cityHash64(toString(d.region), toString(d.network_type), toString(d.direction)))) AS sums
    FROM ${tableName('traffic_1d')} AS d
    WHERE ${days}
    GROUP BY start
) AS stored USING (start, sums)
ORDER BY start`;
}
