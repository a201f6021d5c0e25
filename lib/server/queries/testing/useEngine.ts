import { closeReader } from '@/lib/server/clickhouse/client';
import { queryContext } from '@/lib/server/clickhouse/execute';
import { type ClickHouseTarget, targetsToEnv } from '@/lib/server/env';
import { forgetFacts } from '../facts';

/** Points the data path at an engine. */
export async function useEngine(target: ClickHouseTarget): Promise<void> {
  Object.assign(
    process.env,
    targetsToEnv({ clickhouse: target, databaseUrl: 'postgresql://unused.example/weir' }),
  );
  await closeReader();
  forgetFacts();
}

export function testContext(signal: AbortSignal = new AbortController().signal) {
  return queryContext('test', 'test-request', signal);
}
