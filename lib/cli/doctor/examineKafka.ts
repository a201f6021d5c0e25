import { readsKafka } from '@/clickhouse/migrate';
import type { Targets } from '@/lib/server/env';
import { connect } from '@/lib/server/ingest/connect';
import { kafkaProgress, type PartitionProgress } from '@/lib/server/ingest/kafka/progress';
import { type ReaderTrouble, readerTroubles } from '@/lib/server/ingest/kafka/trouble';
import { examine, type Finding, fail, ok, warn } from './check';

/** Messages are taken every ten seconds; they leave the staging table after three days. */
const LATE_MS = 10 * 60_000;
const TOO_LATE_MS = 24 * 3_600_000;

/** How far the messages of Kafka have been taken, and whether they are read at all; nothing where a database never had any. */
export function examineKafka({ clickhouse }: Targets): Promise<Finding[]> {
  return examine('Kafka', 'Run npm run migrate.', async () => {
    const client = connect(clickhouse, 'owner');
    try {
      const reads = await readsKafka(clickhouse);
      const progress = await kafkaProgress(client, clickhouse.database);
      const troubles = reads ? await readerTroubles(client, clickhouse) : [];
      return [...kafkaFindings(progress, reads, Date.now()), ...readingFindings(troubles)];
    } finally {
      await client.close();
    }
  });
}

/** @param reads whether the server is told to read a topic */
export function kafkaFindings(
  progress: readonly PartitionProgress[],
  reads: boolean,
  nowMs: number,
): Finding[] {
  if (progress.length === 0) {
    return reads
      ? [
          warn(
            'Kafka',
            'a topic is read, and no message has come yet',
            "See that goflow2 writes to it. A server that has just started waits up to 45 seconds. Else ask ClickHouse why: SELECT arrayMap(text -> splitByChar('\\n', text)[1], exceptions.text), assignments.topic FROM system.kafka_consumers.",
          ),
        ]
      : [];
  }
  const sum = (of: (partition: PartitionProgress) => bigint): string =>
    progress.reduce((total, partition) => total + of(partition), 0n).toLocaleString('en-US');
  const oldest = progress
    .filter(({ waitingSinceMs }) => waitingSinceMs > 0)
    .reduce((age, { waitingSinceMs }) => Math.max(age, nowMs - waitingSinceMs), 0);
  const text = `${progress.length} partitions, ${sum(({ taken }) => taken)} messages taken, ${sum(({ waiting }) => waiting)} waiting, ${sum(({ repeats }) => repeats)} came again`;
  const found: Finding[] = [];
  const late = oldest >= TOO_LATE_MS ? fail : oldest >= LATE_MS ? warn : null;
  if (late === null) found.push(ok('Kafka', text));
  else {
    found.push(
      late(
        'Kafka',
        `${text}; the oldest waits for ${Math.round(oldest / 60_000)} minutes`,
        'Let Weir run (npm start), or run npm run ingest -- --kafka: messages that wait for three days are dropped.',
      ),
    );
  }
  const missing = progress.filter((partition) => partition.missing > 0n);
  if (missing.length > 0) {
    found.push(
      warn(
        'Kafka: missing',
        `${sum((partition) => partition.missing)} offsets never came: ${list(missing, (partition) => partition.missing)}`,
        'Kafka dropped them before they were read, or they are no messages (empty ones, marks of transactions). As long as the topic has them, setting the consumer group back brings them; what is stored is not stored again.',
      ),
    );
  }
  const unlike = progress.filter((partition) => partition.unlike > 0n);
  if (unlike.length > 0) {
    found.push(
      fail(
        'Kafka: not stored',
        `${sum((partition) => partition.unlike)} messages came under offsets of others: ${list(unlike, (partition) => partition.unlike)}`,
        'The topic was removed and made again under its name. Give it another name (WEIR_KAFKA_TOPIC) and run npm run migrate.',
      ),
    );
  }
  return found;
}

/** A broker that is away is no failure of what is stored, and nothing waits then that could tell. */
export function readingFindings(troubles: readonly ReaderTrouble[]): Finding[] {
  return troubles.map(({ node, text, secondsAgo }) =>
    warn(
      'Kafka: reading',
      `ClickHouse (${node}) reads nothing, and said ${secondsAgo} seconds ago: ${text}`,
      "Look at the broker, at WEIR_KAFKA_BROKERS, and for users and TLS at <kafka> in ClickHouse's configuration. It goes on by itself where it stopped, as long as Kafka keeps the messages.",
    ),
  );
}

function list(progress: readonly PartitionProgress[], of: (partition: PartitionProgress) => bigint): string {
  const named = progress
    .slice(0, 5)
    .map((partition) => `${partition.name} ${of(partition).toLocaleString('en-US')}`);
  return `${named.join(', ')}${progress.length > 5 ? ', …' : ''}`;
}
