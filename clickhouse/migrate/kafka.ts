import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '@/lib/server/migrationError';
import { asOwner, reasonOf } from './asOwner';
import type { KafkaSettings } from './kafkaSettings';
import { localTable, onCluster, quoted } from './render';
import type { MigrationTarget } from './target';

const QUEUE = 'kafka_queue';
const VIEW = 'kafka_records_mv';

/** What the Kafka table gives of a message: its bytes, and the virtual columns that the view reads, with their types. */
export const QUEUE_COLUMNS = {
  message: 'String',
  _topic: 'LowCardinality(String)',
  _partition: 'UInt64',
  _offset: 'UInt64',
  _timestamp_ms: 'Nullable(DateTime64(3))',
  _raw_message: 'String',
  _error: 'String',
} as const;

/** The two statements that read a topic into kafka_records, for a node or for every node of a cluster. */
export function kafkaStatements(
  target: MigrationTarget,
  settings: KafkaSettings,
): { queue: string; view: string } {
  const { database } = target;
  const { brokers, topic, group, format, consumers } = settings;
  return {
    // RawBLOB: one message is one row, whatever its bytes. Blocks are bounded, since a block is held in memory until it is written.
    queue: `CREATE TABLE IF NOT EXISTS ${database}.${QUEUE} ${onCluster(target)}
(
    message         String
)
ENGINE = Kafka
SETTINGS kafka_broker_list = ${quoted(brokers)}, kafka_topic_list = ${quoted(topic)}, kafka_group_name = ${quoted(group)},
    kafka_format = 'RawBLOB', kafka_num_consumers = ${consumers}, kafka_thread_per_consumer = 1, kafka_handle_error_mode = 'stream',
    kafka_max_block_size = 100000, kafka_flush_interval_ms = 5000
COMMENT ${quoted(commentOf(settings))}`,
    view: `CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.${VIEW} ${onCluster(target)} TO ${localTable(target, 'kafka_records')}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    _topic AS topic,
    toUInt32(_partition) AS partition,
    _offset AS offset,
    ${quoted(format)} AS format,
    ifNull(_timestamp_ms, toDateTime64(0, 3, 'UTC')) AS written_at,
    now64(3, 'UTC') AS staged_at,
    if(_error = '', message, _raw_message) AS message
FROM ${database}.${QUEUE}`,
  };
}

export interface ApplyKafkaOptions {
  log?: (line: string) => void;
  /** Takes the place of the statement that makes the Kafka table, for tests: rows can be put into a table of the same columns. */
  queue?: string;
}

/**
 * Makes the Kafka table and its view as the settings say, anew where they have changed, and removes both for 'off'. Without settings
 * everything stays as it is. Messages that have been read stay in kafka_records in any case.
 *
 * @returns what was done
 * @throws MigrationError where the server refuses the statements, with what to look at
 */
export async function applyKafka(
  target: MigrationTarget,
  settings: KafkaSettings | 'off' | null,
  options: ApplyKafkaOptions = {},
): Promise<'unchanged' | 'made' | 'removed'> {
  if (settings === null) return 'unchanged';
  const log = options.log ?? (() => {});
  return asOwner(target, async (client) => {
    const there = await existing(client, target);
    if (settings === 'off') {
      if (there.queue === null && !there.view) return 'unchanged';
      await remove(client, target);
      log('Kafka: the topic is no longer read; what was read stays');
      return 'removed';
    }
    if (there.queue === commentOf(settings) && there.view) return 'unchanged';
    const statements = kafkaStatements(target, settings);
    try {
      // The view goes first: without it nothing is read from the topic, so nothing is lost in between.
      if (there.view || there.queue !== null) await remove(client, target);
      await client.command({ query: options.queue ?? statements.queue });
      await client.command({ query: statements.view });
    } catch (error) {
      throw refused(target, settings, reasonOf(error, target));
    }
    log(`Kafka: ${settings.topic} at ${settings.brokers} is read as ${settings.format}`);
    return 'made';
  });
}

/** Whether a server has been told to read a topic. */
export async function readsKafka(target: MigrationTarget): Promise<boolean> {
  return asOwner(target, async (client) => (await existing(client, target)).queue !== null);
}

/** Says with which settings a Kafka table was made, so that a change of them is noticed. */
function commentOf(settings: KafkaSettings): string {
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
  return `made by weir ${hash}`;
}

async function existing(
  client: ClickHouseClient,
  target: MigrationTarget,
): Promise<{ queue: string | null; view: boolean }> {
  const found = await client.query({
    query:
      'SELECT name, comment FROM system.tables WHERE database = {db:String} AND name IN {names:Array(String)}',
    query_params: { db: target.database, names: [QUEUE, VIEW] },
    format: 'JSONEachRow',
  });
  const rows = await found.json<{ name: string; comment: string }>();
  return {
    queue: rows.find(({ name }) => name === QUEUE)?.comment ?? null,
    view: rows.some(({ name }) => name === VIEW),
  };
}

async function remove(client: ClickHouseClient, target: MigrationTarget): Promise<void> {
  for (const name of [VIEW, QUEUE])
    await client.command({
      query: `DROP TABLE IF EXISTS ${target.database}.${name} ${onCluster(target)} SYNC`,
    });
}

function refused(target: MigrationTarget, settings: KafkaSettings, reason: string): MigrationError {
  return new MigrationError([
    {
      code: 'kafka_refused',
      migration: null,
      message: `ClickHouse at ${target.url} did not make the table for the Kafka topic ${settings.topic}: ${reason}`,
      fix: `correct WEIR_KAFKA_BROKERS, WEIR_KAFKA_TOPIC, WEIR_KAFKA_GROUP or WEIR_KAFKA_CONSUMERS (no more than the cores of a node), allow it (GRANT KAFKA ON *.* TO ${target.owner.user}), and run "npm run migrate" again.`,
    },
  ]);
}
