import { createHash } from 'node:crypto';

/** One partition of a topic. */
export interface Partition {
  topic: string;
  partition: number;
}

/** Begins the sources of the ledger that are partitions of topics. */
export const KAFKA_SOURCE = 'kafka:';

/**
 * The partition as a source of the ledger. An ordinal within it is an offset of Kafka, since every message is one record; so the ledger
 * says of each offset whether it has been stored.
 */
export function sourceOfPartition({ topic, partition }: Partition): string {
  return `${KAFKA_SOURCE}${topic}/${partition}`;
}

/** The source under which the ledger counts messages of the partition that came again; ordinals are hours since 1970. */
export function sourceOfRepeats(partition: Partition): string {
  return `${sourceOfPartition(partition)} again`;
}

/** Id of the ledger's line for the messages that came again within an hour: it is written anew as they become more. */
export function repeatsId(partition: Partition, hour: number): string {
  return createHash('sha256')
    .update(`${sourceOfRepeats(partition)}\n${hour}\n`)
    .digest('hex');
}
