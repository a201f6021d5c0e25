import { expect, test } from 'vitest';
import type { PartitionProgress } from '@/lib/server/ingest/kafka/progress';
import { kafkaFindings, readingFindings } from './examineKafka';

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const partition = (fields: Partial<PartitionProgress> = {}): PartitionProgress => ({
  name: 'flow-messages/0',
  taken: 1000n,
  upTo: 1500n,
  missing: 0n,
  repeats: 7n,
  unlike: 0n,
  waiting: 0n,
  waitingSinceMs: 0,
  ...fields,
});

test('a database that never had Kafka is not spoken of; one that waits for a first message is', () => {
  expect(kafkaFindings([], false, NOW)).toEqual([]);
  expect(kafkaFindings([], true, NOW)).toMatchObject([
    { state: 'warn', fix: expect.stringContaining('system.kafka_consumers') },
  ]);
});

test('partitions add up', () => {
  const second = partition({ name: 'flow-messages/1', taken: 5000n, repeats: 0n });
  expect(kafkaFindings([partition(), second], true, NOW)).toEqual([
    {
      name: 'Kafka',
      state: 'ok',
      text: '2 partitions, 6,000 messages taken, 0 waiting, 7 came again',
      fix: '',
    },
  ]);
});

test.each([
  [9, 'ok', ''],
  [11, 'warn', /npm run ingest -- --kafka/],
  [24 * 60 + 1, 'fail', /npm run ingest -- --kafka/],
] as const)('messages that wait for %i minutes: %s', (minutes, state, fix) => {
  const waiting = partition({ waiting: 3n, waitingSinceMs: NOW - minutes * MINUTE });
  const [found] = kafkaFindings([partition(), waiting], true, NOW);
  expect(found?.state).toBe(state);
  expect(found?.fix).toMatch(fix);
});

test('what never came is a warning, what is not stored a failure; both name their partitions', () => {
  const found = kafkaFindings(
    [partition({ missing: 12_345n }), partition({ name: 'b/1', unlike: 4n })],
    true,
    NOW,
  );
  expect(found.map(({ state, text }) => [state, text])).toEqual([
    ['ok', '2 partitions, 2,000 messages taken, 0 waiting, 14 came again'],
    ['warn', '12,345 offsets never came: flow-messages/0 12,345'],
    ['fail', '4 messages came under offsets of others: b/1 4'],
  ]);
});

test('a topic that cannot be read is a warning with the words of the server', () => {
  const trouble = { node: 'a', text: '127.0.0.1:9092/1: Connection refused', secondsAgo: 12 };
  expect(readingFindings([trouble])).toMatchObject([
    {
      state: 'warn',
      text: 'ClickHouse (a) reads nothing, and said 12 seconds ago: 127.0.0.1:9092/1: Connection refused',
      fix: expect.stringContaining('<kafka>'),
    },
  ]);
  expect(readingFindings([])).toEqual([]);
});
