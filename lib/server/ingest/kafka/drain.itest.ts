import { rm } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Delivery, deliver, feedFrom } from '@/clickhouse/testing/kafkaFeed';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { goflow2Line } from '../formats/testing/goflow2';
import type { IngestSummary } from '../summary';
import { contentHashes, emptyTables, rowsOf, TABLES } from '../testing/stored';
import { type TestIngest, testIngest } from '../testing/testIngest';
import { type Drained, drainOnce } from './drain';
import { createPartitionLock } from './partitionLock';
import { kafkaProgress } from './progress';

let engine: TestClickHouse;
let owner: ClickHouseClient;
let ingest: TestIngest;
let warnings: string[] = [];

beforeAll(async () => {
  engine = await startTestClickHouse();
  owner = engine.client('owner');
  await feedFrom(engine.target, 'goflow2-json');
});
afterAll(() => engine?.stop());
beforeEach(async () => {
  await ingest?.remove();
  ingest = await testIngest(engine.target);
  await emptyTables(owner);
  await owner.command({ query: 'TRUNCATE TABLE kafka_records' });
  warnings = [];
  run += 1;
});

// Other content for each test: the server remembers tokens of batches whose rows were emptied away.
let run = 0;

const drain = (): Promise<Drained> =>
  drainOnce(ingest.targets, { spool: ingest.spool, onWarning: (text) => void warnings.push(text) });

const bytesOf = (partition: number, offset: number): number => 100 + partition * 10_000_000 + offset;

/** A record of the last days, different for each offset. */
function message(partition: number, offset: number): string {
  const at = BigInt(Date.UTC(2026, 10, 20) + offset * 1000) * 1_000_000n;
  return goflow2Line({
    time_flow_start_ns: at,
    time_flow_end_ns: at + 400_000_000_000n,
    time_received_ns: at + 401_000_000_000n,
    bytes: bytesOf(partition, offset),
    packets: 3,
    sampling_rate: 2,
    src_port: 1024 + (offset % 50_000),
    dst_port: run,
    sequence_num: offset,
  });
}

const deliveries = (partition: number, from: number, to: number): Delivery[] =>
  Array.from({ length: to - from }, (_, i) => ({
    partition,
    offset: from + i,
    message: message(partition, from + i),
  }));

/** Records, packets and bytes that these offsets come to, worked out here. */
function totals(offsets: readonly (readonly [partition: number, offset: number])[]): string {
  const bytes = offsets.reduce(
    (sum, [partition, offset]) => sum + BigInt(bytesOf(partition, offset)) * 2n,
    0n,
  );
  return `${offsets.length} ${offsets.length * 6} ${bytes}`;
}

const range = (partition: number, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => [partition, from + i] as const);

async function expectStored(offsets: readonly (readonly [number, number])[]): Promise<void> {
  // Of all tables at once: one question each would take most of the test's time.
  const records = (table: string) => (table === 'flows' ? 'count()' : 'sum(flow_records)');
  const found = await rowsOf<{ name: string; line: string }>(
    owner,
    TABLES.map(
      (table) =>
        `SELECT '${table}' AS name, concat(toString(${records(table)}), ' ', toString(sum(toUInt128(packets))), ' ', toString(sum(toUInt128(bytes)))) AS line FROM ${table}`,
    ).join(' UNION ALL '),
  );
  const expected = totals(offsets);
  expect(found.sort((a, b) => a.name.localeCompare(b.name))).toEqual(
    [...TABLES].sort((a, b) => a.localeCompare(b)).map((name) => ({ name, line: expected })),
  );
}

interface LedgerSums {
  accepted: string;
  duplicates: string;
  open: string;
}

async function ledgerSums(): Promise<LedgerSums | undefined> {
  const [row] = await rowsOf<LedgerSums>(
    owner,
    `SELECT toString(sum(accepted)) AS accepted, toString(sum(duplicates)) AS duplicates, toString(countIf(state != 'committed')) AS open FROM ingest_batches FINAL`,
  );
  return row;
}

/** Batches as they stand in the ledger between 'pending' and 'committed'. */
async function uncommit(which: string): Promise<void> {
  await owner.command({
    query: `INSERT INTO ingest_batches SELECT * REPLACE ('pending' AS state, version + 1 AS version) FROM ingest_batches FINAL WHERE accepted > 0 AND ${which}`,
  });
}

const sums = ({ records, accepted, duplicates }: IngestSummary) => [records, accepted, duplicates];

test('partitions are sources of the ledger, and offsets their ordinals', async () => {
  await deliver(owner, [...deliveries(0, 500, 700), ...deliveries(1, 0, 100)]);
  const { summary } = await drain();

  expect(sums(summary)).toEqual([300, 300, 0]);
  await expectStored([...range(0, 500, 700), ...range(1, 0, 100)]);
  expect(
    await rowsOf(
      owner,
      'SELECT source, source_name, toUInt32(source_offset) AS first, toUInt32(records) AS records, format, state FROM ingest_batches FINAL ORDER BY source, first',
    ),
  ).toEqual([
    {
      source: 'kafka:flow-messages/0',
      source_name: 'kafka:flow-messages/0',
      first: 500,
      records: 200,
      format: 'goflow2-json',
      state: 'committed',
    },
    {
      source: 'kafka:flow-messages/1',
      source_name: 'kafka:flow-messages/1',
      first: 0,
      records: 100,
      format: 'goflow2-json',
      state: 'committed',
    },
  ]);
});

test('messages that come again, out of order, before and after they are stored: each is stored once, and every copy is counted', async () => {
  // 300 offsets in 3 blocks that overlap: 100 come twice.
  await deliver(owner, deliveries(0, 200, 300));
  await deliver(owner, deliveries(0, 0, 150));
  await deliver(owner, deliveries(0, 100, 250).reverse());
  expect(sums((await drain()).summary)).toEqual([400, 300, 100]);
  await expectStored(range(0, 0, 300));

  // Stored offsets come again, with new ones: 50 and 20 copies.
  await deliver(owner, deliveries(0, 250, 320));
  await deliver(owner, deliveries(0, 10, 30));
  expect(sums((await drain()).summary)).toEqual([90, 20, 70]);
  await expectStored(range(0, 0, 320));

  // Nothing new: nothing is counted twice.
  expect(sums((await drain()).summary)).toEqual([0, 0, 0]);
  expect(await ledgerSums()).toEqual({ accepted: '320', duplicates: '170', open: '0' });
});

test('what is missing is taken when it comes, whatever was stored behind it', async () => {
  await deliver(owner, [...deliveries(0, 1000, 1100), ...deliveries(0, 1200, 1300)]);
  await drain();
  await expectStored([...range(0, 1000, 1100), ...range(0, 1200, 1300)]);
  const client = engine.client('owner');
  expect(await kafkaProgress(client, 'weir')).toMatchObject([
    { name: 'flow-messages/0', taken: 200n, upTo: 1300n, missing: 100n, repeats: 0n, waiting: 0n },
  ]);

  await deliver(owner, [...deliveries(0, 1050, 1250), ...deliveries(0, 900, 1000)]);
  expect((await kafkaProgress(client, 'weir'))[0]).toMatchObject({ taken: 200n, waiting: 0n });
  expect(sums((await drain()).summary)).toEqual([300, 200, 100]);
  await expectStored(range(0, 900, 1300));
  expect(await kafkaProgress(client, 'weir')).toMatchObject([
    { name: 'flow-messages/0', taken: 400n, upTo: 1300n, missing: 0n, repeats: 100n },
  ]);
});

describe('after a crash', () => {
  /** The ledger as it is when a process dies before it can say that batches are stored. */
  async function forgetCommits(): Promise<void> {
    await uncommit('1');
    expect((await ledgerSums())?.open).not.toBe('0');
  }

  test.each([
    ['with its spool', false],
    ['on another machine, without its spool', true],
  ])('between store and mark, %s: nothing is stored twice', async (_, elsewhere) => {
    await deliver(owner, [...deliveries(0, 0, 300), ...deliveries(1, 0, 200)]);
    await drain();
    await forgetCommits();
    if (elsewhere) await rm(ingest.spool, { recursive: true });

    await deliver(owner, deliveries(0, 250, 400));
    expect((await drain()).summary.doubtfulBatches).toBeGreaterThan(0);
    await expectStored([...range(0, 0, 400), ...range(1, 0, 200)]);
    expect(await ledgerSums()).toEqual({ accepted: '600', duplicates: '50', open: '0' });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['with its spool', false],
    ['on another machine, without its spool', true],
  ])('between mark and store, %s: nothing is lost', async (_, elsewhere) => {
    await deliver(owner, deliveries(0, 0, 300));
    await drain();
    const before = await contentHashes(owner);
    await forgetCommits();
    for (const table of TABLES) await owner.command({ query: `TRUNCATE TABLE ${table}` });
    if (elsewhere) await rm(ingest.spool, { recursive: true });

    await drain();
    await expectStored(range(0, 0, 300));
    const after = await contentHashes(owner);
    for (const table of TABLES) expect([table, after[table]]).toEqual([table, before[table]]);
    expect((await ledgerSums())?.open).toBe('0');
  });

  test('a batch that is no longer staged as a whole is left to reconcile, and no part of it is stored again', async () => {
    await deliver(owner, deliveries(0, 0, 300));
    await drain();
    await forgetCommits();
    await owner.command({ query: 'TRUNCATE TABLE kafka_records' });
    await deliver(owner, deliveries(0, 200, 400));

    await drain();
    await expectStored(range(0, 0, 400));
    expect(warnings).toEqual([
      expect.stringMatching(/flow-messages\/0: the batch of offsets 0 to 299 was begun.*npm run reconcile/),
    ]);
  });
});

test('random deliveries, drains and crashes in between: exact in the end', async () => {
  let state = 20_261_123;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const ever = new Set<string>();
  let delivered = 0;
  for (let round = 0; round < 10; round += 1) {
    const partition = random(2);
    // Mostly onwards, often back, with gaps.
    const from = Math.max(0, round * 20 - random(120));
    const block = deliveries(partition, from, from + 1 + random(90)).filter(() => random(12) > 0);
    if (block.length === 0) continue;
    await deliver(owner, block);
    delivered += block.length;
    for (const { offset } of block) ever.add(`${partition} ${offset}`);
    if (random(3) === 0) await drain();
    if (random(4) === 0) {
      await uncommit('batch_key % 3 = 0');
    }
  }
  await drain();
  const stored = [...ever].map((name) => name.split(' ').map(Number) as [number, number]);
  await expectStored(stored);
  expect(await ledgerSums()).toEqual({
    accepted: String(ever.size),
    duplicates: String(delivered - ever.size),
    open: '0',
  });
}, 300_000);

test('other messages under stored offsets are neither stored nor counted as duplicates, but told', async () => {
  const writtenMs = Date.now() - 7_200_000;
  await deliver(
    owner,
    deliveries(0, 0, 100).map((one) => ({ ...one, writtenMs })),
  );
  await drain();
  // The topic was made again: its offsets begin at 0 with other messages.
  await deliver(
    owner,
    deliveries(0, 0, 30).map((one) => ({ ...one, message: message(5, one.offset) })),
  );
  const { summary } = await drain();
  expect(sums(summary)).toEqual([0, 0, 0]);
  expect(warnings).toEqual([
    expect.stringMatching(/flow-messages\/0: 30 messages came under offsets of others.*WEIR_KAFKA_TOPIC/),
  ]);
  await expectStored(range(0, 0, 100));
  expect((await kafkaProgress(owner, 'weir'))[0]).toMatchObject({ repeats: 0n, unlike: 30n });
});

test('copies of what has left the staging table long ago are counted, and not stored again', async () => {
  await deliver(owner, deliveries(0, 0, 100));
  await drain();
  await owner.command({ query: 'TRUNCATE TABLE kafka_records' });
  await owner.command({
    query: `ALTER TABLE ingest_batches UPDATE created_at = created_at - toIntervalDay(5) WHERE 1`,
    clickhouse_settings: { mutations_sync: '2' },
  });
  const writtenMs = Date.now() - 6 * 86_400_000;
  await deliver(
    owner,
    deliveries(0, 50, 120).map((one) => ({ ...one, writtenMs })),
  );
  expect(sums((await drain()).summary)).toEqual([70, 20, 50]);
  await expectStored(range(0, 0, 120));
});

test('a partition that another process drains is left to it', async () => {
  await deliver(owner, [...deliveries(0, 0, 50), ...deliveries(1, 0, 50)]);
  const lock = createPartitionLock('', 'weir');
  const held = await lock.hold({ topic: 'flow-messages', partition: 0 }, () => drain());
  expect(held?.elsewhere).toEqual([{ topic: 'flow-messages', partition: 0 }]);
  await expectStored(range(1, 0, 50));
  expect((await drain()).elsewhere).toEqual([]);
  await expectStored([...range(0, 0, 50), ...range(1, 0, 50)]);
});
