/** How a message of a topic is read: the names of two formats of `npm run ingest`. */
export const KAFKA_FORMATS = ['goflow2-json', 'goflow2-protobuf'] as const;

/** The topic that ClickHouse reads. */
export interface KafkaSettings {
  /** host:port, several by commas */
  brokers: string;
  topic: string;
  /** Consumer group: Kafka notes for it how far the topic has been read. */
  group: string;
  format: (typeof KAFKA_FORMATS)[number];
  /** Consumers a node; more than the topic has partitions are of no use. */
  consumers: number;
}

/**
 * Reads WEIR_KAFKA_BROKERS, WEIR_KAFKA_TOPIC, WEIR_KAFKA_GROUP, WEIR_KAFKA_FORMAT and WEIR_KAFKA_CONSUMERS.
 * @returns null where WEIR_KAFKA_BROKERS is not set: then what the database has stays; 'off': no topic is to be read any more
 * @throws Error naming the variable and what to write instead
 */
export function kafkaSettingsFromEnv(
  env: Readonly<Record<string, string | undefined>> = process.env,
): KafkaSettings | 'off' | null {
  const of = (name: string): string => (env[`WEIR_KAFKA_${name}`] ?? '').trim();
  const brokers = of('BROKERS');
  if (brokers === '') {
    const alone = ['TOPIC', 'GROUP', 'FORMAT', 'CONSUMERS'].find((name) => of(name) !== '');
    if (alone !== undefined) {
      throw new Error(
        `WEIR_KAFKA_${alone} is set and WEIR_KAFKA_BROKERS is not: name the brokers too, for example WEIR_KAFKA_BROKERS=kafka1.example:9092, or take WEIR_KAFKA_${alone} away.`,
      );
    }
    return null;
  }
  if (brokers === 'off') return 'off';
  const wrong = brokers
    .split(',')
    .find((broker) => !/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/.test(broker));
  if (wrong !== undefined) {
    throw new Error(
      `WEIR_KAFKA_BROKERS names "${wrong}": write host:port, several by commas and without spaces, for example kafka1.example:9092,kafka2.example:9092, or off.`,
    );
  }
  const format = KAFKA_FORMATS.find((name) => name === (of('FORMAT') || KAFKA_FORMATS[0]));
  if (format === undefined) {
    throw new Error(`WEIR_KAFKA_FORMAT is "${of('FORMAT')}": write ${KAFKA_FORMATS.join(' or ')}.`);
  }
  const consumers = of('CONSUMERS') || '1';
  if (!/^\d{1,3}$/.test(consumers) || Number(consumers) < 1) {
    throw new Error(`WEIR_KAFKA_CONSUMERS is "${consumers}": write a whole number from 1 to 999.`);
  }
  return {
    brokers,
    topic: named('TOPIC', of('TOPIC') || 'flow-messages'),
    group: named('GROUP', of('GROUP') || 'weir'),
    format,
    consumers: Number(consumers),
  };
}

function named(variable: string, name: string): string {
  // What Kafka allows in the name of a topic; ClickHouse would take a comma for a second topic.
  if (/^[A-Za-z0-9._-]{1,249}$/.test(name)) return name;
  throw new Error(
    `WEIR_KAFKA_${variable} is "${name}": write one name of letters, digits, dots, underscores and hyphens.`,
  );
}
