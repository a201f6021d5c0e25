import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { applyKafka } from '../migrate';
import { standInQueue } from './kafkaQueue';

/** A message as Kafka delivers it. */
export interface Delivery {
  partition: number;
  offset: number;
  message: Buffer | string;
  /** When it was written to the topic, milliseconds since 1970; default: one hour ago, later with every offset. */
  writtenMs?: number;
}

export const TOPIC = 'flow-messages';
const WRITTEN_MS = Date.now() - 3_600_000;

/** Reads a topic whose deliveries the test makes itself, with `deliver`. */
export async function feedFrom(
  target: ClickHouseTarget,
  format: 'goflow2-json' | 'goflow2-protobuf',
): Promise<void> {
  const settings = { brokers: 'kafka.example:9092', topic: TOPIC, group: 'weir', format, consumers: 1 };
  await applyKafka(target, settings, { queue: standInQueue(target, settings) });
}

/** Delivers messages in this order, as one block of the Kafka table. */
export async function deliver(owner: ClickHouseClient, deliveries: readonly Delivery[]): Promise<void> {
  const values = deliveries.map(({ partition, offset, message, writtenMs }) => {
    const at = new Date(writtenMs ?? WRITTEN_MS + offset).toISOString().slice(0, 23).replace('T', ' ');
    const hex = Buffer.from(message).toString('hex');
    return `(unhex('${hex}'), '${TOPIC}', ${partition}, ${offset}, '${at}')`;
  });
  await owner.command({
    query: `INSERT INTO kafka_queue (message, _topic, _partition, _offset, _timestamp_ms) VALUES ${values.join(', ')}`,
    clickhouse_settings: { max_query_size: '100000000', session_timezone: 'UTC' },
  });
}
