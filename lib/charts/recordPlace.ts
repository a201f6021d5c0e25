import { groupDigits } from './format';

/** Sources of this kind give their records numbers of their own. */
const KAFKA = 'kafka:';

/**
 * Where a record stands, as people count: the first of a file is record 1. What is stored counts from 0. Of a message of Kafka it is
 * its offset, as Kafka's own tools say it.
 */
export function recordPlace({ sourceName, offset }: { sourceName: string; offset: string }): string {
  return sourceName.startsWith(KAFKA)
    ? `offset ${offset}`
    : `record ${groupDigits((BigInt(offset) + 1n).toString())}`;
}
