import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { createIngestLock } from '../ingestLock';
import { manyRecords } from '../testing/records';
import { type TestIngest, testIngest } from '../testing/testIngest';
import { reconcile } from './reconcile';

let engine: TestClickHouse;
let ingest: TestIngest;
beforeAll(async () => {
  engine = await startTestClickHouse();
  ingest = await testIngest(engine.target);
});
afterAll(async () => {
  await engine?.stop();
  await ingest?.remove();
});

test('a batch that is under way is no difference: a check waits for it and looks again', async () => {
  await ingest.run(manyRecords(50));
  const lock = createIngestLock('', 'weir');
  let found = () => {};
  const seen = new Promise<void>((resolve) => {
    found = resolve;
  });
  const onStep = (text: string) => {
    if (text.startsWith('Differences found')) found();
  };
  let checking: ReturnType<typeof reconcile> | null = null;
  await lock.shared(async () => {
    // Half of an insert: a rollup has what flows does not have yet.
    await engine.owner.command({
      query:
        "INSERT INTO traffic_1d (bucket, region, bytes, flow_records) VALUES ('2026-11-01 00:00:00', 'half', 1, 1)",
    });
    checking = reconcile(ingest.targets, { scope: 'all', mend: false, spool: ingest.spool, onStep });
    await seen;
    await engine.owner.command({
      query: "ALTER TABLE traffic_1d DELETE WHERE region = 'half'",
      clickhouse_settings: { mutations_sync: '2' },
    });
  });
  expect(await checking).toMatchObject({ ok: true, batches: [], rollups: [] });
});

test('a check that finds a real difference reports it and mends nothing', async () => {
  await engine.owner.command({ query: 'TRUNCATE TABLE traffic_1h' });
  const report = await reconcile(ingest.targets, { scope: 'all', mend: false, spool: ingest.spool });
  expect(report.ok).toBe(false);
  expect(report.rollups.map(({ rollup }) => rollup)).toContain('traffic_1h');
  const rows = await engine.owner.query({ query: 'SELECT bucket FROM traffic_1h', format: 'JSONEachRow' });
  expect(await rows.json()).toEqual([]);
});
