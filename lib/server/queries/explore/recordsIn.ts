import 'server-only';
import { z } from 'zod';
import type { TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, sql } from '@/lib/server/clickhouse/sql';
import { exact } from '../rows';

/** Records of all directions in some ranges, from the totals by five minutes: counting them costs nothing. */
export async function recordsIn(context: QueryContext, ranges: readonly TimeRange[]): Promise<number> {
  if (ranges.length === 0) return 0;
  const within = ranges.map(({ from, to }) => sql`(bucket >= ${instant(from)} AND bucket < ${instant(to)})`);
  const [row] = await execute(
    context,
    sql`SELECT sum(flow_records) AS records FROM totals_5m WHERE ${join(within, ' OR ')}`,
    z.object({ records: exact }),
  );
  return Number(row?.records ?? '0');
}
