import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { killRounds } from './killRounds';
import { verifyStored } from './verify';

let engine: TestClickHouse;
beforeAll(async () => {
  engine = await startTestClickHouse();
});
afterAll(() => engine?.stop());

test('ten kills in the middle of batches over twelve partitions lose nothing and double nothing', async () => {
  const result = await killRounds(engine, 10, 1, () => undefined);
  expect(result.interrupted).toBeGreaterThan(0);
  expect(await verifyStored(engine.client('owner'), result.records)).toEqual([]);
  const report = await reconcile({ clickhouse: engine.target, databaseUrl: '' }, { scope: 'all' });
  expect({ batches: report.batches, rollups: report.rollups, orphans: report.orphans.rows }).toEqual({
    batches: [],
    rollups: [],
    orphans: 0,
  });
}, 600_000);
