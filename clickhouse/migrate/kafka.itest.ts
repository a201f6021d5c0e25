import { afterAll, beforeAll, expect, test } from 'vitest';
import { readerTroubles } from '@/lib/server/ingest/kafka/trouble';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { standInQueue } from '../testing/kafkaQueue';
import { startTestClickHouse, type TestClickHouse } from '../testing/testEngine';
import { applyKafka, kafkaStatements, QUEUE_COLUMNS, readsKafka } from './kafka';
import type { KafkaSettings } from './kafkaSettings';

/**
 * The real Kafka table is made here, and reads from nowhere. With a Null table of the same columns in its place, rows go through the
 * view. What needs several nodes is read by the parser.
 */
const settings: KafkaSettings = {
  brokers: 'kafka1.example:9092,kafka2.example:9092',
  topic: 'flow-messages',
  group: 'weir',
  format: 'goflow2-json',
  consumers: 4,
};
let engine: TestClickHouse;
beforeAll(async () => {
  engine = await startTestClickHouse();
});
afterAll(() => engine?.stop());

const rows = async (query: string): Promise<unknown[]> =>
  (await engine.owner.query({ query, format: 'JSONEachRow' })).json();
const apply = (given: KafkaSettings) =>
  applyKafka(engine.target, given, { queue: standInQueue(engine.target, given) });

test('the parser reads the statements for a cluster', async () => {
  const statements = kafkaStatements({ ...engine.target, cluster: 'main' }, settings);
  for (const statement of Object.values(statements)) {
    await expect(engine.owner.command({ query: `EXPLAIN AST ${statement}` })).resolves.toBeDefined();
    expect(statement).toContain("ON CLUSTER 'main'");
  }
  expect(statements.view).toContain('TO weir.kafka_records_local\n');
});

test('the server makes the Kafka table with these settings, and its columns are those of the stand-in', async () => {
  expect(await applyKafka(engine.target, settings)).toBe('made');
  expect(await readsKafka(engine.target)).toBe(true);
  const described = await engine.owner.query({
    query: 'DESCRIBE TABLE kafka_queue',
    format: 'JSONEachRow',
    clickhouse_settings: { describe_include_virtual_columns: 1 },
  });
  const columns = (await described.json<{ name: string; type: string }>()).map(({ name, type }) => ({
    name,
    type,
  }));
  for (const [name, type] of Object.entries(QUEUE_COLUMNS)) expect(columns).toContainEqual({ name, type });
  expect(await applyKafka(engine.target, settings)).toBe('unchanged');
  expect(await applyKafka(engine.target, 'off')).toBe('removed');
});

test('why nothing is read is told in the words of the server, where no broker answers', async () => {
  expect(await readerTroubles(engine.owner, engine.target)).toEqual([]);
  await applyKafka(engine.target, { ...settings, brokers: '127.0.0.1:1', consumers: 1 });
  const [trouble] = await waitUntil(
    async () => {
      const found = await readerTroubles(engine.owner, engine.target);
      return found.length > 0 ? found : undefined;
    },
    60_000,
    () => new Error('the server complains of nothing'),
    200,
  );
  expect(trouble?.text).toMatch(/^[^\n]*(Connection refused|brokers are down)[^\n]*$/);
  expect(trouble?.secondsAgo).toBeLessThan(60);
  await applyKafka(engine.target, 'off');
});

test('a setting that the server refuses is told with the fix, and leaves no view behind', async () => {
  const wrong = { ...settings, consumers: 999 };
  await expect(applyKafka(engine.target, wrong)).rejects.toThrow(
    /topic flow-messages: .*consumers[\s\S]*WEIR_KAFKA_CONSUMERS/i,
  );
  await applyKafka(engine.target, 'off');
});

test('made once, made anew where the settings change, left alone without settings, removed by off', async () => {
  expect(await apply(settings)).toBe('made');
  expect(await apply(settings)).toBe('unchanged');
  expect(await applyKafka(engine.target, null)).toBe('unchanged');
  expect(await readsKafka(engine.target)).toBe(true);
  await engine.owner.command({
    query: `INSERT INTO kafka_queue (message, _topic, _partition, _offset, _timestamp_ms) VALUES ('{"a":1}', 'flow-messages', 3, 41, '2026-11-22 09:00:00.123')`,
  });
  expect(await apply({ ...settings, format: 'goflow2-protobuf' })).toBe('made');
  // With an error the engine gives the bytes as _raw_message; old brokers give no time.
  await engine.owner.command({
    query: `INSERT INTO kafka_queue (message, _topic, _partition, _offset, _timestamp_ms, _raw_message, _error) VALUES ('', 'flow-messages', 3, 42, NULL, 'x\\0y', 'broken')`,
  });
  expect(await applyKafka(engine.target, 'off')).toBe('removed');
  expect(await applyKafka(engine.target, 'off')).toBe('unchanged');
  expect(await readsKafka(engine.target)).toBe(false);
  expect(
    await rows(
      `SELECT topic, partition, offset, format, toString(written_at) AS written, hex(message) AS bytes, staged_at > now() - 600 AS staged FROM kafka_records ORDER BY offset`,
    ),
  ).toEqual([
    {
      topic: 'flow-messages',
      partition: 3,
      offset: 41,
      format: 'goflow2-json',
      written: '2026-11-22 09:00:00.123',
      bytes: '7B2261223A317D',
      staged: 1,
    },
    {
      topic: 'flow-messages',
      partition: 3,
      offset: 42,
      format: 'goflow2-protobuf',
      written: '1970-01-01 00:00:00.000',
      bytes: '780079',
      staged: 1,
    },
  ]);
});
