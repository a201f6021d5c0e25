import { expect, test } from 'vitest';
import { batchId, CUT_LIMITS, type CutBatch, cutBatches } from './cutBatches';
import type { LedgerBatch } from './ledger';
import type { ParsedRecord } from './record';
import { flowRecord, inBlocks, manyRecords, parsed } from './testing/records';

async function cut(
  records: ParsedRecord[],
  size: number,
  ledger: LedgerBatch[] = [],
  limits = {},
): Promise<CutBatch[]> {
  const batches: CutBatch[] = [];
  for await (const batch of cutBatches(inBlocks(records, 3), 's', ledger, {
    ...CUT_LIMITS,
    records: size,
    ...limits,
  })) {
    batches.push(batch);
  }
  return batches;
}

/** The ledger's lines of batches that were stored. */
function stored(batches: CutBatch[], batchSize: number): LedgerBatch[] {
  return batches.map((batch) => ({
    id: batch.id,
    key: batch.key,
    source: 's',
    sourceName: 's',
    offset: batch.offset,
    records: batch.records.length,
    accepted: batch.records.length,
    rejected: 0,
    duplicates: 0,
    flagged: 0,
    bytes: 0n,
    packets: 0n,
    firstStartMs: 0,
    lastEndMs: 0,
    batchSize,
    format: 'test',
    formatVersion: 1,
    options: {},
    token: batch.id,
    state: 'committed',
    createdAtMs: 0,
  }));
}

const shape = (batches: CutBatch[]) =>
  batches.map(({ offset, records, known }) => [offset, records.length, known !== null]);
const rejected: ParsedRecord = { ok: false, reason: 'malformed', detail: '', raw: '{"broken' };

test('batches are whole but for the last', async () => {
  expect(shape(await cut(manyRecords(10), 4))).toEqual([
    [0, 4, false],
    [4, 4, false],
    [8, 2, false],
  ]);
});

test('what is stored is recognised at its own boundaries, whatever the size is now', async () => {
  const records = manyRecords(25);
  const ledger = stored(await cut(records, 10), 10);
  for (const size of [1, 7, 10, 1000]) {
    const again = await cut(records, Math.max(10, size), ledger);
    expect(shape(again)).toEqual([
      [0, 10, true],
      [10, 10, true],
      [20, 5, true],
    ]);
  }
});

test('a source that goes on is recognised as far as it went', async () => {
  const ledger = stored(await cut(manyRecords(25).slice(0, 13), 10), 10);
  expect(shape(await cut(manyRecords(25), 10, ledger))).toEqual([
    [0, 10, true],
    [10, 3, true],
    [13, 10, false],
    [23, 2, false],
  ]);
});

test('the same place with other content is another batch', async () => {
  const ledger = stored(await cut(manyRecords(10), 5), 5);
  const changed = manyRecords(10).map((one, i) =>
    i === 7 ? (manyRecords(1, 1, 5)[0] as ParsedRecord) : one,
  );
  expect(shape(await cut(changed, 5, ledger))).toEqual([
    [0, 5, true],
    [5, 5, false],
  ]);
});

test('of several batches stored at one place the one with this content is found', async () => {
  const long = stored(await cut(manyRecords(8), 8), 8);
  const short = stored(await cut(manyRecords(8).slice(0, 3), 8), 8);
  expect(shape(await cut(manyRecords(8), 8, [...long, ...short]))[0]).toEqual([0, 3, true]);
  expect(shape(await cut(manyRecords(8), 8, long))).toEqual([[0, 8, true]]);
});

test('a last record that is rejected stands alone: when it was only cut short, what came before is still recognised', async () => {
  const records = manyRecords(8);
  const first = await cut([...records.slice(0, 5), rejected], 10);
  expect(shape(first)).toEqual([
    [0, 5, false],
    [5, 1, false],
  ]);
  expect(shape(await cut(records, 10, stored(first, 10)))).toEqual([
    [0, 5, true],
    [5, 3, false],
  ]);
});

test('no batch goes over the bytes or the days that an insert may have', async () => {
  const byBytes = await cut(manyRecords(50), 50, [], { bytes: 2000 });
  expect(byBytes.length).toBeGreaterThan(4);
  const days = Array.from({ length: 30 }, (_, i) => parsed(flowRecord({ tsStartMs: i * 86_400_000 })));
  expect(shape(await cut(days, 50, [], { days: 12 })).map(([, count]) => count)).toEqual([12, 12, 6]);
});

test('the id says source, place and text, each apart', () => {
  const [a, b] = manyRecords(2) as [ParsedRecord, ParsedRecord];
  const joined: ParsedRecord = { ...a, raw: `${a.raw}${b.raw}` };
  const ids = [
    batchId('s', 0, [a, b]),
    batchId('t', 0, [a, b]),
    batchId('s', 1, [a, b]),
    batchId('s', 0, [b, a]),
    batchId('s', 0, [joined]),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^[0-9a-f]{64}$/);
});

test('a stream that pauses gives what it has brought; the pause is no part of the content', async () => {
  const records = manyRecords(6);
  let goOn: () => void = () => undefined;
  const paused = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* stream(): AsyncGenerator<ParsedRecord[]> {
    yield records.slice(0, 4);
    await paused;
    yield records.slice(4);
  }
  const batches: CutBatch[] = [];
  for await (const batch of cutBatches(stream(), 's', [], { ...CUT_LIMITS, idleMs: 20 })) {
    batches.push(batch);
    goOn();
  }
  expect(shape(batches)).toEqual([
    [0, 4, false],
    [4, 2, false],
  ]);
  expect(shape(await cut(records, 50, stored(batches, 50)))).toEqual([
    [0, 4, true],
    [4, 2, true],
  ]);
});
