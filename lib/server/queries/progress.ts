import 'server-only';
import { z } from 'zod';
import type { Progress } from '@/lib/flows/contracts/progress';
import { execute, queryContext } from '@/lib/server/clickhouse/execute';
import { sql, text, texts } from '@/lib/server/clickhouse/sql';
import { find } from '@/lib/server/clickhouse/underWay';
import { small } from './rows';

const row = z.object({ read: small, toRead: small, running: small });

/** It is asked for every second: later than this it says nothing of now. */
const LIMITS = { seconds: 2 };

/**
 * How far a request has come: what its statements that ended have read, and those that run. Where another process answers the request its
 * running queries alone are known, by the tag they begin with.
 */
export async function progressOf(tag: string, requestId: string, signal: AbortSignal): Promise<Progress> {
  const found = find(tag);
  const context = { ...queryContext('progress', requestId, signal), limits: LIMITS };
  const [now] = await execute(
    context,
    sql`SELECT sum(read_rows) AS read, sum(greatest(read_rows, total_rows_approx)) AS toRead, count() AS running
FROM running_queries
WHERE query_id IN ${texts(found?.queryIds ?? [])} OR startsWith(query_id, ${text(tag)})`,
    row,
  );
  const before = found?.underWay.rowsRead ?? 0;
  return {
    rowsRead: before + (now?.read ?? 0),
    rowsToRead: before + (now?.toRead ?? 0),
    ended: found?.underWay.ended ?? 0,
    running: now?.running ?? 0,
  };
}
