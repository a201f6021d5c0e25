import { expect, test } from 'vitest';
import type { CutBatch } from './cutBatches';
import { splitByDay } from './encodeRow';
import { exporterSettings } from './exporterSettings';
import { judgeBatch, rememberKeys } from './judgeBatch';
import { RecentKeys } from './recentKeys';
import type { ParsedRecord } from './record';
import { flowRecord, manyRecords, parsed } from './testing/records';

const settings = exporterSettings(new Map(), []);
const NOW = 1_700_000_000;

function batch(records: ParsedRecord[], key = 1n): CutBatch {
  return { id: 'id', key, offset: 100, records, known: null };
}

test('every record is accepted, rejected or a duplicate', () => {
  const [a, b] = manyRecords(2) as [ParsedRecord, ParsedRecord];
  const broken: ParsedRecord = { ok: false, reason: 'malformed', detail: 'd', raw: 'x'.repeat(10_000) };
  const judged = judgeBatch(batch([a, broken, b, a]), new RecentKeys(), settings, NOW);
  expect(judged).toMatchObject({ accepted: 2, duplicates: 1 });
  expect(judged.rejections).toEqual([
    { offset: 101, reason: 'malformed', detail: 'd', record: 'x'.repeat(4096) },
  ]);
  expect(splitByDay(judged.payload).reduce((sum, day) => sum + day.rows, 0)).toBe(2);
});

test('a duplicate of another batch is dropped for an hour; a batch judged again does not meet itself', () => {
  const records = manyRecords(20);
  const recent = new RecentKeys();
  const first = judgeBatch(batch(records, 1n), recent, settings, NOW);
  rememberKeys(batch(records, 1n), first, recent, NOW);
  expect(judgeBatch(batch(records, 1n), recent, settings, NOW + 5).accepted).toBe(20);
  expect(judgeBatch(batch(records, 2n), recent, settings, NOW + 5)).toMatchObject({
    accepted: 0,
    duplicates: 20,
  });
  expect(judgeBatch(batch(records, 2n), recent, settings, NOW + 3600).accepted).toBe(20);
});

test('decisions that were made hold when the batch is made again, whatever came since', () => {
  const records = manyRecords(20);
  const recent = new RecentKeys();
  const other = batch(records.slice(3, 7), 9n);
  rememberKeys(other, judgeBatch(other, recent, settings, NOW), recent, NOW);
  const first = judgeBatch(batch(records), recent, settings, NOW);
  expect(first.duplicates).toBe(4);
  const again = judgeBatch(batch(records), new RecentKeys(), settings, NOW + 9_999, first.leftOut ?? '');
  expect(again.payload).toEqual(first.payload);
  expect([again.bytes, again.packets]).toEqual([first.bytes, first.packets]);
});

test('sums are exact beyond 2^53', () => {
  const records = [2n ** 60n, 2 ** 52, 2 ** 53 - 1, 3].map((bytesRaw, i) =>
    parsed(flowRecord({ bytesRaw, srcPort: i })),
  );
  expect(judgeBatch(batch(records), new RecentKeys(), settings, NOW).bytes).toBe(
    2n ** 60n + 2n ** 52n + 2n ** 53n + 2n,
  );
});

test('an unknown rate is that of the exporter on the day of the record; without one the record counts nothing', () => {
  const day = Date.UTC(2026, 10, 22);
  const configured = exporterSettings(new Map(), [
    { exporter: '192.0.2.1', fromMs: day, toMs: day + 86_400_000, rate: 100 },
  ]);
  const unknown = { samplingRate: 0, qualityFlags: 1, bytesRaw: 10, packetsRaw: 1 };
  const records = () => [
    parsed(flowRecord({ ...unknown, tsStartMs: day })),
    parsed(flowRecord({ ...unknown, tsStartMs: day + 86_400_000 })),
    parsed(flowRecord({ ...unknown, tsStartMs: day, exporter: '192.0.2.9' })),
    parsed(flowRecord({ samplingRate: 7, bytesRaw: 1, packetsRaw: 1, tsStartMs: day })),
  ];
  const judged = judgeBatch(batch(records()), new RecentKeys(), configured, NOW);
  expect(judged).toMatchObject({ accepted: 4, flagged: 2, bytes: 1007n, packets: 107n });
});

test('a configured rate that makes counters overflow rejects the record with its reason', () => {
  const configured = exporterSettings(new Map(), [
    { exporter: '192.0.2.1', fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, rate: 1000 },
  ]);
  const record = parsed(flowRecord({ samplingRate: 0, bytesRaw: 2n ** 62n }));
  const judged = judgeBatch(batch([record]), new RecentKeys(), configured, NOW);
  expect(judged.rejections.map(({ reason }) => reason)).toEqual(['counter_overflow']);
});
