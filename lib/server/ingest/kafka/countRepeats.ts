import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../connect';
import * as ledger from '../ledger';
import { messageFormat } from './messageReader';
import { type Partition, repeatsId, sourceOfPartition, sourceOfRepeats } from './partition';
import { merged, type Range } from './ranges';

const HOUR_MS = 3_600_000;
/** What was stored so long before an hour may have left the staging table already; what was stored later is still there. */
const GONE_AFTER_MS = 12 * HOUR_MS;
/** A message cannot be written after it was stored; clocks differ by less than this. */
const CLOCKS_MS = HOUR_MS;

export interface Repeats {
  /** Copies counted now for the first time. */
  added: number;
  /** Copies, counted now for the first time, that are other messages than those stored under their offsets. */
  unlike: number;
}

interface HourRow {
  first: string;
  last: string;
  format: string;
}

/**
 * Counts the messages of a partition that came again, by the hour in which they did, and says so in the ledger: one line an hour, made
 * anew as they become more, so counting twice changes nothing. The first copy of an offset is no repeat, all others are.
 *
 * A copy that was written to Kafka at another time than the first one is another message: the topic was removed and made again under
 * its name, and counts its offsets from 0. It is not counted as a duplicate, but told, as it is not stored.
 *
 * @param sinceMs hours from this instant on (milliseconds since 1970) are looked at
 */
export async function countRepeats(
  client: ClickHouseClient,
  database: string,
  partition: Partition,
  sinceMs: number,
): Promise<Repeats> {
  const { topic } = partition;
  const found = await select<HourRow & { hour: number }>(
    client,
    `SELECT toUInt32(toUnixTimestamp(toStartOfHour(staged_at)) / 3600) AS hour, min(offset) AS first, max(offset) AS last, any(format) AS format
     FROM ${database}.kafka_records WHERE topic = {topic:String} AND partition = {partition:UInt32}
       AND staged_at >= toStartOfHour(fromUnixTimestamp64Milli({since:Int64})) GROUP BY hour ORDER BY hour`,
    { topic, partition: partition.partition, since: sinceMs },
  );
  const total: Repeats = { added: 0, unlike: 0 };
  if (found.length === 0) return total;
  const before = await linesOf(client, database, partition, found[0]?.hour ?? 0);
  const lines: ledger.LedgerBatch[] = [];
  for (const row of found) {
    const counted = await countHour(client, database, partition, row.hour, row);
    const known = before.get(row.hour);
    const unlikeBefore = known?.options.unlike ?? 0;
    if (counted.added === (known?.duplicates ?? 0) && counted.unlike === unlikeBefore) continue;
    total.added += counted.added - (known?.duplicates ?? 0);
    total.unlike += counted.unlike - unlikeBefore;
    lines.push(lineOf(partition, row.hour, row.format, counted));
  }
  await ledger.write(client, database, lines);
  return total;
}

async function linesOf(
  client: ClickHouseClient,
  database: string,
  partition: Partition,
  from: number,
): Promise<Map<number, ledger.LedgerBatch>> {
  const lines = await ledger.batchesOf(client, database, sourceOfRepeats(partition), from);
  return new Map(lines.map((line) => [line.offset, line]));
}

/** Copies that were staged within an hour and were not the first of their offset. */
async function countHour(
  client: ClickHouseClient,
  database: string,
  partition: Partition,
  hour: number,
  { first, last }: HourRow,
): Promise<Repeats> {
  const gone = await storedLongBefore(client, database, partition, hour * HOUR_MS - GONE_AFTER_MS, {
    from: Number(first),
    to: Number(last) + 1,
  });
  const [row] = await select<{ added: string; unlike: string }>(
    client,
    `WITH arrayExists((a, b) -> offset >= a AND offset < b, {froms:Array(UInt64)}, {tos:Array(UInt64)}) AS was_stored,
       here - toUInt64(earlier = 0 AND NOT was_stored) AS repeats,
       times > 1 OR (earlier = 0 AND was_stored AND latest > fromUnixTimestamp64Milli({written:Int64})) AS is_unlike
     SELECT sumIf(repeats, NOT is_unlike) AS added, sumIf(repeats, is_unlike) AS unlike
     FROM (
       SELECT offset, countIf(staged_at >= fromUnixTimestamp64Milli({from:Int64})) AS here, count() - here AS earlier,
         uniqExact(written_at) AS times, max(written_at) AS latest
       FROM ${database}.kafka_records
       WHERE topic = {topic:String} AND partition = {partition:UInt32} AND offset BETWEEN {first:UInt64} AND {last:UInt64}
         AND staged_at < fromUnixTimestamp64Milli({to:Int64})
       GROUP BY offset HAVING here > 0
     )`,
    {
      topic: partition.topic,
      partition: partition.partition,
      first,
      last,
      from: hour * HOUR_MS,
      to: (hour + 1) * HOUR_MS,
      written: hour * HOUR_MS - GONE_AFTER_MS + CLOCKS_MS,
      froms: gone.map((range) => range.from),
      tos: gone.map((range) => range.to),
    },
  );
  return { added: Number(row?.added ?? 0), unlike: Number(row?.unlike ?? 0) };
}

/** Offsets that the ledger had of the partition at an instant. */
async function storedLongBefore(
  client: ClickHouseClient,
  database: string,
  partition: Partition,
  atMs: number,
  { from, to }: Range,
): Promise<Range[]> {
  const rows = await select<{ offset: string; records: string }>(
    client,
    `SELECT source_offset AS offset, records FROM ${database}.ingest_batches FINAL
     WHERE source = {source:String} AND source_offset < {to:UInt64} AND source_offset + records > {from:UInt64}
       AND created_at < fromUnixTimestamp64Milli({at:Int64})`,
    { source: sourceOfPartition(partition), from, to, at: atMs },
  );
  return merged(
    rows.map(({ offset, records }) => ({ from: Number(offset), to: Number(offset) + Number(records) })),
  );
}

/** A line of the ledger with nothing but duplicates; it has the partition's name, so the Data page adds it to the partition. */
function lineOf(
  partition: Partition,
  hour: number,
  format: string,
  { added, unlike }: Repeats,
): ledger.LedgerBatch {
  const id = repeatsId(partition, hour);
  return {
    id,
    key: ledger.batchKey(id),
    source: sourceOfRepeats(partition),
    sourceName: sourceOfPartition(partition),
    offset: hour,
    records: added,
    accepted: 0,
    rejected: 0,
    duplicates: added,
    flagged: 0,
    bytes: 0n,
    packets: 0n,
    firstStartMs: 0,
    lastEndMs: 0,
    batchSize: 0,
    format,
    formatVersion: messageFormat(format).version,
    options: unlike === 0 ? {} : { unlike },
    token: id,
    state: 'committed',
    createdAtMs: Date.now(),
  };
}
