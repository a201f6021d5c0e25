import 'server-only';
import { z } from 'zod';
import type { TimeRange } from '@/lib/flows/presets';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, sql } from '@/lib/server/clickhouse/sql';
import { exact } from './rows';

/** How late the records of one exporter came: seconds between end and receipt -> records. */
export interface Lags {
  exporter: string;
  /** ascending */
  seconds: number[];
  /** of each */
  records: bigint[];
}

const row = z.object({
  exporter: z.string(),
  seconds: z.array(z.coerce.number().int()),
  records: z.array(exact),
});

/** Lags of the records that begin in the range, by exporter; records without a time of receipt have none. */
export async function loadLags(context: QueryContext, range: TimeRange): Promise<Lags[]> {
  const rows = await execute(
    context,
    sql`SELECT exporter, mapKeys(merged) AS seconds, mapValues(merged) AS records
FROM
(
    SELECT exporter, mapSort(sumMap(q.lags)) AS merged
    FROM quality_1h AS q
    WHERE bucket >= ${instant(range.from)} AND bucket < ${instant(range.to)}
    GROUP BY exporter
)
WHERE length(merged) > 0
ORDER BY exporter`,
    row,
  );
  return rows.map(({ exporter, seconds, records }) => ({ exporter, seconds, records: records.map(BigInt) }));
}

/** Number ceil(q N) of the N lags in ascending order, seconds; null where there is none. */
export function quantileOfLags({ seconds, records }: Omit<Lags, 'exporter'>, percent: number): number | null {
  const all = records.reduce((sum, count) => sum + count, 0n);
  if (all === 0n) return null;
  const rank = (all * BigInt(percent) + 99n) / 100n;
  let seen = 0n;
  for (const [index, count] of records.entries()) {
    seen += count;
    if (seen >= rank) return seconds[index] ?? null;
  }
  return null;
}
