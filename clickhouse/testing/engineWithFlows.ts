import { afterAll, beforeAll } from 'vitest';
import { closeReader } from '@/lib/server/clickhouse/client';
import { insertFlows, loadReference } from '@/lib/server/queries/testing/loadFlows';
import type { TestFlow } from '@/lib/server/queries/testing/randomFlows';
import { useEngine as pointAt } from '@/lib/server/queries/testing/useEngine';
import { startTestClickHouse, type TestClickHouse } from './testEngine';

/**
 * An engine for the tests of a file, with reference data and these records, at which the data path is pointed.
 * @param more what else must be stored before the first test
 * @returns gives the engine, from the first test on
 */
export function engineWithFlows(
  flows: readonly TestFlow[],
  more?: (engine: TestClickHouse) => Promise<unknown>,
): () => TestClickHouse {
  let engine: TestClickHouse | undefined;
  beforeAll(async () => {
    engine = await startTestClickHouse();
    await loadReference(engine.owner);
    await insertFlows(engine.owner, flows);
    await more?.(engine);
    await pointAt(engine.target);
  });
  afterAll(async () => {
    await closeReader();
    await engine?.stop();
  });
  return () => {
    if (engine === undefined) throw new Error('the engine starts before the first test');
    return engine;
  };
}
