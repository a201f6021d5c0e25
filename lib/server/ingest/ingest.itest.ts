import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import type { Targets } from '@/lib/server/env';
import { ingestRecords } from './ingest';
import { reconcile } from './reconcile/reconcile';
import { inBlocks, manyRecords } from './testing/records';

let engine: TestClickHouse;
let targets: Targets;
let spool: string;
beforeAll(async () => {
  engine = await startTestClickHouse();
  targets = { clickhouse: engine.target, databaseUrl: '' };
  spool = await mkdtemp(join(tmpdir(), 'weir-spool-'));
});
afterAll(async () => {
  await engine?.stop();
  await rm(spool, { recursive: true, force: true });
});

test('speed', async () => {
  const records = manyRecords(400_000, 12);
  const s = await ingestRecords(
    targets,
    { read: () => inBlocks(records), format: { name: 'test', version: 1 }, sourceName: 'a' },
    { spool },
  );
  console.log(s, s.records / s.seconds);
  const t = await ingestRecords(
    targets,
    { read: () => inBlocks(records), format: { name: 'test', version: 1 }, sourceName: 'a' },
    { spool },
  );
  console.log(t, t.records / t.seconds);
  const r = await reconcile(targets, { scope: 'all', spool });
  console.log(JSON.stringify(r, null, 1));
  expect(r.ok).toBe(true);
});
