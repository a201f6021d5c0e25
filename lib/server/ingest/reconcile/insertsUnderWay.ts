import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { pause } from '@/lib/server/process/pause';
import { insertId } from '../insertRows';

const ALREADY_RUNNING = '216';
const DEADLINE_MS = 600_000;
const LOOK_MS = 100;

/**
 * Waits until the server has ended what it still stores of these batches. A killed program lets go of the lock at once, but the server
 * goes on with an insert that it has received: compared meanwhile, its rows or its rollups would look missing, and be there twice later.
 * @throws Error where an insert goes on for ten minutes
 */
export async function untilInsertsEnded(
  client: ClickHouseClient,
  batches: readonly { id: string; sourceName: string }[],
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (const { id, sourceName } of batches) {
    while (await isUnderWay(client, insertId(id))) {
      if (performance.now() > deadline) {
        throw new Error(
          `ClickHouse still stores batch ${id.slice(0, 12)} of ${sourceName}, whose program has ended (query ${insertId(id)}). Nothing was mended: wait until it is done, or end it with KILL QUERY, then run: npm run reconcile`,
        );
      }
      await pause(LOOK_MS);
    }
  }
}

async function isUnderWay(client: ClickHouseClient, queryId: string): Promise<boolean> {
  try {
    await client.command({ query: 'SELECT 1', query_id: queryId });
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === ALREADY_RUNNING) return true;
    throw error;
  }
}
