import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable, select } from '@/lib/server/ingest/connect';
import type { EnrichAgain } from './enrichAgain';

/** Columns whose value would come out differently now for any record of a UTC day (YYYYMMDD). */
export async function staleColumns(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  again: EnrichAgain,
  day: number,
): Promise<string[]> {
  // Rows have no key, so sets are compared: for each column the sum of hashes of its value with what tells records apart.
  const hashes = again.decided.map(
    (column) =>
      `sum(cityHash64(batch_key, ts_start, src_ip, dst_ip, src_port, dst_port, bytes_raw, ${column})) AS h_${column}`,
  );
  const [now = {}] = await select<Record<string, string>>(
    client,
    `SELECT ${hashes.join(', ')} FROM (${again.select})`,
    { day },
  );
  const [then = {}] = await select<Record<string, string>>(
    client,
    `SELECT ${hashes.join(', ')} FROM ${localTable(target, 'flows')} WHERE toYYYYMMDD(ts_start) = {day:UInt32}`,
    { day },
  );
  return again.decided.filter((column) => now[`h_${column}`] !== then[`h_${column}`]);
}

/**
 * Writes the records of one UTC day anew, enriched by what is known now, and swaps them in. Call it while no import runs (IngestLock):
 * what would be inserted between the copy and the swap would be lost. The ledger gets the new sums of the batches, where a sampling rate
 * came to be known.
 *
 * @throws Error, with nothing changed, when the copy does not hold exactly the records of the day
 */
export async function reenrichDay(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  again: EnrichAgain,
  day: number,
): Promise<void> {
  const flows = localTable(target, 'flows');
  const staging = `${flows}_reenrich`;
  const columns = again.columns.join(', ');
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  // REPLACE PARTITION wants the same order and the same partitions; the engine of the copy is plain on a cluster too.
  await client.command({
    query: `CREATE TABLE ${staging} AS ${flows} ENGINE = MergeTree PARTITION BY ${await keyOf(client, target, 'partition_key')} ORDER BY (${await keyOf(client, target, 'sorting_key')})`,
  });
  try {
    await client.command({
      query: `INSERT INTO ${staging} (${columns}) ${again.select}`,
      query_params: { day },
      clickhouse_settings: { async_insert: 0, wait_end_of_query: 1 },
    });
    const unchanged =
      'count(), sum(bytes_raw), sum(packets_raw), sum(cityHash64(batch_key, ts_start, duration_ms, exporter, src_ip, dst_ip, src_port, dst_port, proto, bytes_raw, packets_raw))';
    const [check] = await select<{ same: number }>(
      client,
      `SELECT (SELECT tuple(${unchanged}) FROM ${staging}) = (SELECT tuple(${unchanged}) FROM ${flows} WHERE toYYYYMMDD(ts_start) = {day:UInt32}) AS same`,
      { day },
    );
    if (Number(check?.same) !== 1) {
      throw new Error(
        `Records of ${day} could not be copied exactly, and stay as they are. Run npm run reconcile, then try again.`,
      );
    }
    await client.command({ query: `ALTER TABLE ${flows} REPLACE PARTITION ${day} FROM ${staging}` });
  } finally {
    await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  }
  await restateBatches(client, target, day);
}

/** Brings the sums of the ledger up to what flows holds, for complete batches of a day whose sums differ. */
async function restateBatches(
  client: ClickHouseClient,
  { database }: ClickHouseTarget,
  day: number,
): Promise<void> {
  const ledger = `${database}.ingest_batches`;
  const columns = (
    await select<{ name: string }>(
      client,
      `SELECT name FROM system.columns WHERE database = {database:String} AND table = 'ingest_batches' ORDER BY position`,
      { database },
    )
  ).map(({ name }) => name);
  const restated: Record<string, string> = {
    bytes: 'f.stored_bytes',
    packets: 'f.stored_packets',
    version: 'greatest(l.version + 1, toUInt64(toUnixTimestamp64Nano(now64(9))))',
  };
  await client.command({
    query: `INSERT INTO ${ledger} (${columns.join(', ')})
      SELECT ${columns.map((name) => restated[name] ?? `l.${name}`).join(', ')}
      FROM (SELECT * FROM ${ledger} FINAL WHERE state = 'committed' AND batch_key IN (
        SELECT DISTINCT batch_key FROM ${database}.flows WHERE toYYYYMMDD(ts_start) = {day:UInt32})) AS l
      INNER JOIN (
        SELECT batch_key, count() AS stored, sum(bytes) AS stored_bytes, sum(packets) AS stored_packets FROM ${database}.flows
        WHERE batch_key IN (SELECT DISTINCT batch_key FROM ${database}.flows WHERE toYYYYMMDD(ts_start) = {day:UInt32})
        GROUP BY batch_key) AS f ON l.batch_key = f.batch_key
      WHERE f.stored = l.accepted AND (f.stored_bytes != l.bytes OR f.stored_packets != l.packets)`,
    query_params: { day },
    clickhouse_settings: { async_insert: 0, optimize_move_to_prewhere_if_final: 0 },
  });
}

async function keyOf(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  key: 'partition_key' | 'sorting_key',
): Promise<string> {
  const [row] = await select<{ key: string }>(
    client,
    `SELECT ${key} AS key FROM system.tables WHERE database = {database:String} AND name = {table:String}`,
    { database: target.database, table: localTable(target, 'flows').slice(target.database.length + 1) },
  );
  return row?.key ?? '';
}
