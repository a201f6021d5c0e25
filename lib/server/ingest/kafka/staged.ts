import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../connect';
import type { Partition } from './partition';
import type { Range } from './ranges';

/** The offsets of a partition that were staged since some time, the earliest and the latest with all between them. */
export interface StagedWindow extends Partition {
  offsets: Range;
  /** When the newest of them was staged, milliseconds since 1970 by the server's clock. */
  newestMs: number;
}

export interface StagedMessage {
  offset: number;
  format: string;
  message: Buffer;
}

/** What was staged since an instant (milliseconds since 1970), by partition. */
export async function stagedSince(
  client: ClickHouseClient,
  database: string,
  sinceMs: number,
): Promise<StagedWindow[]> {
  const rows = await select<{
    topic: string;
    partition: number;
    first: string;
    last: string;
    newest: string;
  }>(
    client,
    `SELECT topic, partition, min(offset) AS first, max(offset) AS last, toUnixTimestamp64Milli(max(staged_at)) AS newest
     FROM ${database}.kafka_records WHERE staged_at >= fromUnixTimestamp64Milli({since:Int64})
     GROUP BY topic, partition ORDER BY topic, partition`,
    { since: sinceMs },
  );
  return rows.map(({ topic, partition, first, last, newest }) => ({
    topic,
    partition,
    offsets: { from: Number(first), to: Number(last) + 1 },
    newestMs: Number(newest),
  }));
}

/** Bytes of messages after which a page ends. */
const PAGE_BYTES = 64 * 1024 * 1024;

/**
 * Staged messages of a partition by offset, each offset once however often it was staged, up to `limit` of them or 64 MiB.
 * @returns the messages, and the offset from which to go on: the end of the range once nothing is left
 */
export async function stagedMessages(
  client: ClickHouseClient,
  database: string,
  { topic, partition }: Partition,
  { from, to }: Range,
  limit: number,
): Promise<{ messages: StagedMessage[]; next: number }> {
  const answer = await client.exec({
    // The earliest copy, should they differ (see countRepeats.ts).
    query: `SELECT offset, format, message FROM ${database}.kafka_records
      WHERE topic = {topic:String} AND partition = {partition:UInt32} AND offset >= {from:UInt64} AND offset < {to:UInt64}
      ORDER BY offset, staged_at LIMIT 1 BY offset LIMIT {limit:UInt32} FORMAT RowBinary`,
    query_params: { topic, partition, from, to, limit },
  });
  const messages: StagedMessage[] = [];
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of answer.stream) {
    const chunk: Buffer = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, Buffer.from(piece)]);
    let at = 0;
    for (;;) {
      const row = rowAt(chunk, at);
      if (row === null) break;
      at = row.end;
      bytes += row.message.length;
      messages.push({ offset: row.offset, format: row.format, message: row.message });
      if (bytes >= PAGE_BYTES) {
        // Leaving the loop closes the connection, and with it the query.
        return { messages, next: row.offset + 1 };
      }
    }
    rest = chunk.subarray(at);
  }
  const last = messages.at(-1);
  return { messages, next: last !== undefined && messages.length === limit ? last.offset + 1 : to };
}

/** One row of RowBinary: UInt64, String, String; null where it is not complete. */
function rowAt(b: Buffer, start: number): (StagedMessage & { end: number }) | null {
  if (b.length < start + 8) return null;
  const offset = Number(b.readBigUInt64LE(start));
  const format = textAt(b, start + 8);
  if (format === null) return null;
  const message = textAt(b, format.to);
  if (message === null) return null;
  return {
    offset,
    format: b.toString('utf8', format.from, format.to),
    message: b.subarray(message.from, message.to),
    end: message.to,
  };
}

function textAt(b: Buffer, start: number): Range | null {
  let length = 0;
  let at = start;
  for (let scale = 1; ; scale *= 128) {
    const byte = b[at];
    if (byte === undefined) return null;
    at += 1;
    length += (byte & 127) * scale;
    if (byte < 128) break;
  }
  return at + length <= b.length ? { from: at, to: at + length } : null;
}
