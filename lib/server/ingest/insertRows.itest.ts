import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { RowEncoder } from './encodeRow';
import { insertFlows } from './insertRows';
import { flowRecord } from './testing/records';
import { contentHashes, TABLES, totalsLine } from './testing/stored';

let engine: TestClickHouse;
let owner: ClickHouseClient;
beforeAll(async () => {
  engine = await startTestClickHouse();
  owner = engine.client('owner');
});
afterAll(() => engine?.stop());

// ClickHouse passes on results in blocks of 65,409 rows unless told otherwise, and a token covers the blocks of an insert one by one:
// in other blocks the same rows would be stored again.
test('a batch that makes more rollup rows than a usual block has is recognised whole when it is sent again', async () => {
  const records = 12_000;
  const encoder = new RowEncoder(5n, records);
  for (let i = 0; i < records; i += 1) {
    encoder.add(
      flowRecord({
        tsStartMs: Date.UTC(2026, 10, 1 + (i % 20), 9) + i,
        durationMs: 3_000_000,
        inIf: i,
        outIf: i,
        bytesRaw: 1_000_003 + i,
      }),
      null,
    );
  }
  const ingest = engine.client('ingest');
  await insertFlows(ingest, engine.target, encoder.bytes(), 'token');
  const before = await contentHashes(owner);
  const rows = await (
    await owner.query({ query: 'SELECT count() FROM links_5m', format: 'TabSeparated' })
  ).text();
  expect(Number(rows)).toBeGreaterThan(100_000);
  await insertFlows(ingest, engine.target, encoder.bytes(), 'token');
  await insertFlows(ingest, engine.target, encoder.bytes(), 'token');
  expect(await contentHashes(owner)).toEqual(before);
  for (const table of TABLES) expect((await totalsLine(owner, table)).split(' ')[0]).toBe(String(records));
});

test('2^60 bytes come through every table exactly', async () => {
  const encoder = new RowEncoder(6n, 1);
  encoder.add(
    flowRecord({
      tsStartMs: Date.UTC(2025, 0, 1),
      durationMs: 5000,
      bytesRaw: 2n ** 60n,
      packetsRaw: 2n ** 50n,
    }),
    null,
  );
  await insertFlows(engine.client('ingest'), engine.target, encoder.bytes(), 'wide');
  for (const table of TABLES) {
    const column = table === 'flows' ? 'ts_start' : 'bucket';
    const answer = await owner.query({
      query: `SELECT toString(sum(bytes)), toString(sum(packets)) FROM ${table} WHERE toYear(${column}) = 2025`,
      format: 'TabSeparated',
    });
    expect([table, (await answer.text()).trim()]).toEqual([table, '1152921504606846976\t1125899906842624']);
  }
});
