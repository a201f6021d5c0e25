import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { batchTag } from './judgeBatch';
import type { RecentKeys } from './recentKeys';

const MOST_KEYS = 12_000_000;
const ROW_BYTES = 20;

/**
 * Takes the keys that any process stored during the last `seconds` into the table, so that a restart, or another import at the same
 * time, does not make the content rule forget. Ages are the server's, so a wrong clock here does not matter.
 */
export async function loadRecentKeys(
  client: ClickHouseClient,
  database: string,
  recent: RecentKeys,
  seconds: number,
): Promise<void> {
  const answer = await client.exec({
    query: `SELECT dedup_key, batch_key, toUInt32(greatest(0, now('UTC') - inserted_at)) AS age FROM ${database}.ingest_keys
      WHERE inserted_at > now('UTC') - toIntervalSecond({seconds:UInt32}) ORDER BY inserted_at DESC LIMIT ${MOST_KEYS} FORMAT RowBinary`,
    query_params: { seconds },
  });
  const now = Math.floor(Date.now() / 1000);
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of answer.stream) {
    const chunk: Buffer = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, Buffer.from(piece)]);
    let at = 0;
    for (; at + ROW_BYTES <= chunk.length; at += ROW_BYTES) {
      const tag = batchTag(chunk.readBigUInt64LE(at + 8));
      recent.add(chunk.readUInt32LE(at + 4), chunk.readUInt32LE(at), now - chunk.readUInt32LE(at + 16), tag);
    }
    rest = chunk.subarray(at);
  }
}
