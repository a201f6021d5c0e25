import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { select } from '../connect';

/** What keeps a node of ClickHouse from reading the topic, as its readers said it last. */
export interface ReaderTrouble {
  node: string;
  text: string;
  secondsAgo: number;
}

/** A broker that stays away is complained of at least so often. */
const RECENT_S = 300;
/** Readers that have read say so to Kafka every few seconds; what they complained of before is over. */
const QUIET_S = 60;

/**
 * Troubles of the last minutes after which nothing has been read, one of each node. Empty where all is well, where nothing comes and
 * nothing is wrong, and where the server does not let its owner see.
 */
export async function readerTroubles(
  client: ClickHouseClient,
  { database, cluster }: ClickHouseTarget,
): Promise<ReaderTrouble[]> {
  const consumers =
    cluster === null
      ? 'system.kafka_consumers'
      : 'clusterAllReplicas({cluster:String}, system.kafka_consumers)';
  const rows = await select<{ node: string; text: string; ago: string }>(
    client,
    // "All brokers are down" says less than what was said of one of them.
    `SELECT node, argMax(told.2, (told.2 NOT LIKE '%brokers are down%', told.1)) AS text, toString(now() - max(told.1)) AS ago
     FROM (
       SELECT hostName() AS node, last_commit_time, arrayJoin(arrayZip(exceptions.time, exceptions.text)) AS told
       FROM ${consumers} WHERE database = {database:String} AND table = 'kafka_queue'
     )
     WHERE told.1 > last_commit_time AND last_commit_time < now() - ${QUIET_S} AND told.1 >= now() - ${RECENT_S}
     GROUP BY node ORDER BY node`,
    { database, ...(cluster === null ? {} : { cluster }) },
  ).catch(() => []);
  return rows.map(({ node, text, ago }) => ({ node, text: withoutTrace(text), secondsAgo: Number(ago) }));
}

/** A complaint of librdkafka without the thread it comes from and the addresses in the program behind it. */
export function withoutTrace(text: string): string {
  const [line = ''] = text.split('\n');
  return line
    .replace(/^.*e\.what\(\) = /, '')
    .replace(/, Stack trace.*$/, '')
    .replace(/^\[thrd:[^\]]*\]: /, '')
    .slice(0, 300);
}
