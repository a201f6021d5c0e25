import 'server-only';
import { z } from 'zod';
import type { HeavyTable } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, sql, text } from '@/lib/server/clickhouse/sql';
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
  const days = months.map((month) => sql`toStartOfMonth(bucket) = toDate(${instant(month)})`);
  const rows = await execute(
    context,
    sql`SELECT start
FROM
(
    SELECT toUnixTimestamp(month) AS start, argMax((bytes, packets, toUInt64(flow_records), signature), closed_at) AS sums
    FROM closed_months
    WHERE table_name = ${text(table)}
    GROUP BY start
) AS closed
INNER JOIN
(
    SELECT toUnixTimestamp(toDateTime(toStartOfMonth(d.bucket), 'UTC')) AS start,
        (sum(toUInt128(d.bytes)), sum(toUInt128(d.packets)), toUInt64(sum(d.flow_records)), sum(toUInt64(d.bytes) * cityHash64(toString(d.region), toString(d.network_type), toString(d.direction)))) AS sums
    FROM ${tableName('traffic_1d')} AS d
    WHERE ${join(days, ' OR ')}
    GROUP BY start
) AS stored USING (start, sums)
ORDER BY start`,
    row,
  );
  return rows.map(({ start }) => start);
}
