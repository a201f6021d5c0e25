import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { CUT_LIMITS, cutBatches } from '@/lib/server/ingest/cutBatches';
import { insertFlows } from '@/lib/server/ingest/insertRows';
import { judgeBatch } from '@/lib/server/ingest/judgeBatch';
import * as ledger from '@/lib/server/ingest/ledger';
import { ledgerEntry } from '@/lib/server/ingest/ledgerEntry';
import { RecentKeys } from '@/lib/server/ingest/recentKeys';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { Spool } from '@/lib/server/ingest/spool';
import { inBlocks, manyRecords } from '@/lib/server/ingest/testing/records';
import { rowsOf } from '@/lib/server/ingest/testing/stored';
import { type TestIngest, testIngest } from '@/lib/server/ingest/testing/testIngest';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { verifyStored } from './verify';

let engine: TestClickHouse;
let ingest: TestIngest;
beforeAll(async () => {
  engine = await startTestClickHouse();
  ingest = await testIngest(engine.target);
});
afterAll(async () => {
  await ingest?.remove();
  await engine?.stop();
});

/** What a program leaves that is killed during an insert: spooled, pending in the ledger, and the server goes on without it. */
async function abandonedInsert(records: ReturnType<typeof manyRecords>): Promise<{ running: Promise<void> }> {
  const request = {
    read: () => inBlocks(records),
    format: { name: 'test', version: 1 },
    sourceName: 'abandoned',
  };
  const cut = await cutBatches(inBlocks(records), 'test:abandoned', [], CUT_LIMITS).next();
  if (cut.done === true) throw new Error('no batch');
  const nowMs = Date.now();
  const settings = { applyRate: () => true, activeTimeoutSeconds: () => 120 };
  const judged = judgeBatch(cut.value, new RecentKeys(), settings, nowMs / 1000);
  const entry = ledgerEntry(cut.value, judged, request, { id: 'test:abandoned', batchSize: 50_000 }, nowMs);
  await new Spool(ingest.spool).write(entry.id, { ...judged, judgedAtMs: nowMs });
  await ledger.write(engine.client('ingest'), engine.target.database, [entry]);
  return { running: insertFlows(engine.client('ingest'), engine.target, judged.payload, entry.token) };
}

test('a batch whose insert goes on in the server without its program is stored once', async () => {
  const records = manyRecords(600, 3, 5);
  // Holds an insert up for some seconds: views one below the other, of which each may sleep for three at most.
  for (let i = 0; i < 4; i += 1) {
    await engine.owner.command({ query: `CREATE TABLE held_${i} (n UInt8) ENGINE = Null` });
    await engine.owner.command({
      query: `CREATE MATERIALIZED VIEW holding_${i} TO held_${i} DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
        SELECT toUInt8(sleep(2.9)) AS n FROM ${i === 0 ? 'flows_landing' : `held_${i - 1}`}`,
    });
  }
  const { running } = await abandonedInsert(records);
  let ended = false;
  const insert = running.then(() => {
    ended = true;
  });
  await waitUntil(
    async () => {
      const query = `SELECT toString(count()) AS n FROM system.processes WHERE query_kind = 'Insert' AND query LIKE '%flows_landing%'`;
      return (await rowsOf<{ n: string }>(engine.owner, query))[0]?.n === '1' ? true : undefined;
    },
    20_000,
    () => new Error('no insert is under way'),
    5,
  );
  expect(ended).toBe(false);
  const report = await reconcile(ingest.targets, { scope: 'doubtful', spool: ingest.spool });
  await insert;
  expect(report.ok).toBe(true);
  expect(
    await verifyStored(
      engine.owner,
      records.flatMap((one) => (one.ok ? [one.record] : [])),
    ),
  ).toEqual([]);
});
