import { kafkaStatements, QUEUE_COLUMNS } from '../migrate/kafka';
import type { KafkaSettings } from '../migrate/kafkaSettings';
import type { MigrationTarget } from '../migrate/target';

/**
 * The statement of the Kafka table with a table in its place that gives the same columns for rows that are inserted into it, so that a
 * test decides which offsets come again. Everything behind it is the real thing.
 */
export function standInQueue(target: MigrationTarget, settings: KafkaSettings): string {
  const { queue } = kafkaStatements(target, settings);
  const columns = Object.entries(QUEUE_COLUMNS).map(([name, type]) => `${name} ${type}`);
  const standIn = queue
    .replace(/\(\n[^)]*\n\)/, () => `(${columns.join(', ')})`)
    .replace(/ENGINE = Kafka[\s\S]*(?=COMMENT)/, 'ENGINE = Null\n');
  if (standIn.includes('Kafka') || standIn === queue) throw new Error(`no stand-in for: ${queue}`);
  return standIn;
}
