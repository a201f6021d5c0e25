import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../connect';
import { KAFKA_SOURCE } from './partition';

/** How far a partition has been taken. Counts are of messages. */
export interface PartitionProgress {
  /** topic/partition */
  name: string;
  /** Offsets that the ledger has. */
  taken: bigint;
  /** Offset after the last one that it has; 0 = none. */
  upTo: bigint;
  /** Offsets between those it has that never came. */
  missing: bigint;
  /** Copies of messages that came again. */
  repeats: bigint;
  /** Copies that were other messages than those stored under their offsets: they are not stored. */
  unlike: bigint;
  /** Staged from `upTo` on. */
  waiting: bigint;
  /** Since when the oldest of these waits, by the server's clock; 0 = none does. */
  waitingSinceMs: number;
}

interface TakenRow {
  name: string;
  taken: string;
  first: string;
  up_to: string;
  repeats: string;
  unlike: string;
}

/** How far each partition of each topic has been taken, by name. Empty where nothing ever came from Kafka. */
export async function kafkaProgress(
  client: ClickHouseClient,
  database: string,
): Promise<PartitionProgress[]> {
  const taken = await select<TakenRow>(
    client,
    `SELECT substring(source_name, ${KAFKA_SOURCE.length + 1}) AS name, sumIf(records, source = source_name) AS taken,
       minIf(source_offset, source = source_name) AS first, maxIf(source_offset + records, source = source_name) AS up_to,
       sumIf(duplicates, source != source_name) AS repeats,
       sumIf(JSONExtractUInt(options, 'unlike'), source != source_name) AS unlike
     FROM ${database}.ingest_batches FINAL WHERE startsWith(source, '${KAFKA_SOURCE}') GROUP BY source_name`,
  );
  const staged = await select<{ topic: string; partition: number; name: string }>(
    client,
    `SELECT DISTINCT topic, partition, concat(topic, '/', toString(partition)) AS name FROM ${database}.kafka_records`,
  );
  const byName = new Map(taken.map((row) => [row.name, row]));
  const partitionOf = new Map(staged.map((row) => [row.name, row]));
  const names = [...new Set([...byName.keys(), ...partitionOf.keys()])].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const progress: PartitionProgress[] = [];
  for (const name of names) {
    const row = byName.get(name);
    const upTo = BigInt(row?.up_to ?? 0);
    const partition = partitionOf.get(name);
    const [waiting] =
      partition === undefined
        ? []
        : await select<{ messages: string; since: string }>(
            client,
            `SELECT uniqExact(offset) AS messages, toUnixTimestamp64Milli(min(staged_at)) AS since FROM ${database}.kafka_records
             WHERE topic = {topic:String} AND partition = {partition:UInt32} AND offset >= {from:UInt64}`,
            { topic: partition.topic, partition: partition.partition, from: upTo.toString() },
          );
    const messages = BigInt(waiting?.messages ?? 0);
    progress.push({
      name,
      taken: BigInt(row?.taken ?? 0),
      upTo,
      missing: upTo - BigInt(row?.first ?? 0) - BigInt(row?.taken ?? 0),
      repeats: BigInt(row?.repeats ?? 0),
      unlike: BigInt(row?.unlike ?? 0),
      waiting: messages,
      waitingSinceMs: messages === 0n ? 0 : Number(waiting?.since ?? 0),
    });
  }
  return progress;
}
