import 'server-only';
import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from './connect';

export type BatchState = 'pending' | 'committed' | 'lost';

/** One batch as the ledger (table ingest_batches) knows it. Sums are modulo 2^64, as ClickHouse's are. */
export interface LedgerBatch {
  /** SHA-256 in hex over source, offset and raw texts. */
  id: string;
  /** First 8 bytes of the id; every row of `flows` carries it. */
  key: bigint;
  source: string;
  sourceName: string;
  offset: number;
  records: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  flagged: number;
  bytes: bigint;
  packets: bigint;
  /** Milliseconds since 1970; 0 where nothing was accepted. */
  firstStartMs: number;
  lastEndMs: number;
  batchSize: number;
  format: string;
  formatVersion: number;
  options: BatchOptions;
  token: string;
  state: BatchState;
  createdAtMs: number;
}

export interface BatchOptions {
  zone?: string;
  samplingRate?: number;
  /** Bitmap (base64) of the records left out as duplicates, so that the batch can be made again from its source without judging anew. */
  leftOut?: string;
  /** Of Kafka messages that came again: those that differ from what was stored under their offset. */
  unlike?: number;
}

interface LedgerRow {
  batch_id: string;
  batch_key: string;
  source: string;
  source_name: string;
  source_offset: string;
  records: string;
  accepted: string;
  rejected: string;
  duplicates: string;
  flagged: string;
  bytes: string;
  packets: string;
  first_start_ms: string;
  last_end_ms: string;
  batch_size: number;
  format: string;
  format_version: number;
  options: string;
  token: string;
  state: BatchState;
  created_at_ms: string;
}

const COLUMNS = `batch_id, batch_key, source, source_name, source_offset, records, accepted, rejected, duplicates, flagged, bytes, packets,
  toUnixTimestamp64Milli(first_start) AS first_start_ms, toUnixTimestamp64Milli(last_end) AS last_end_ms, batch_size, format,
  format_version, options, token, state, toUnixTimestamp64Milli(created_at) AS created_at_ms`;

/** Key of a batch in `flows`: the first 8 bytes of its id. */
export function batchKey(id: string): bigint {
  return BigInt(`0x${id.slice(0, 16)}`);
}

/**
 * Identity of a source: its first record, its format and the options that change records. The name plays no part, so a renamed,
 * compressed or grown file is the same source; that two sources begin alike does no harm, since batches are told apart by content.
 */
export function sourceOf(format: string, firstRaw: string, options: BatchOptions): string {
  return `${contentOf(format, firstRaw)}${createHash('sha256').update(optionsKey(options)).digest('hex').slice(0, 8)}`;
}

/** The part of a source's identity that does not depend on options; every import of the same content begins with it. */
export function contentOf(format: string, firstRaw: string): string {
  return `${format}:${createHash('sha256').update(firstRaw).digest('hex').slice(0, 32)}:`;
}

function optionsKey(options: BatchOptions): string {
  return JSON.stringify({ zone: options.zone ?? null, samplingRate: options.samplingRate ?? null });
}

/** The batches of a source from an ordinal on (and before another one), by offset. */
export async function batchesOf(
  client: ClickHouseClient,
  database: string,
  source: string,
  from = 0,
  until?: number,
): Promise<LedgerBatch[]> {
  const before = until === undefined ? '' : ' AND source_offset < {until:UInt64}';
  return read(client, database, `source = {source:String} AND source_offset >= {from:UInt64}${before}`, {
    source,
    from,
    ...(until === undefined ? {} : { until }),
  });
}

/** Other sources with the same content: the same file imported with another zone or sampling rate. */
export async function otherImports(
  client: ClickHouseClient,
  database: string,
  content: string,
  source: string,
): Promise<{ sourceName: string; options: BatchOptions; records: number }[]> {
  const rows = await select<{ source_name: string; options: string; records: string }>(
    client,
    `SELECT any(source_name) AS source_name, any(options) AS options, sum(accepted) AS records FROM ${database}.ingest_batches FINAL
     WHERE source >= {content:String} AND source < concat({content:String}, '~') AND source != {source:String} AND accepted > 0
     GROUP BY source`,
    { content, source },
  );
  return rows.map((row) => ({
    sourceName: row.source_name,
    options: parseOptions(row.options),
    records: Number(row.records),
  }));
}

/** Batches by a condition of our own (never user input) with bound parameters. */
export async function read(
  client: ClickHouseClient,
  database: string,
  where: string,
  params: Record<string, unknown> = {},
): Promise<LedgerBatch[]> {
  const rows = await select<LedgerRow>(
    client,
    `SELECT ${COLUMNS} FROM ${database}.ingest_batches FINAL WHERE ${where} ORDER BY source, source_offset, created_at`,
    params,
    // The condition may ask for the state, which FINAL must see before it is filtered.
    { optimize_move_to_prewhere_if_final: 0 },
  );
  return rows.map((row) => ({
    id: row.batch_id,
    key: BigInt(row.batch_key),
    source: row.source,
    sourceName: row.source_name,
    offset: Number(row.source_offset),
    records: Number(row.records),
    accepted: Number(row.accepted),
    rejected: Number(row.rejected),
    duplicates: Number(row.duplicates),
    flagged: Number(row.flagged),
    bytes: BigInt(row.bytes),
    packets: BigInt(row.packets),
    firstStartMs: Number(row.first_start_ms),
    lastEndMs: Number(row.last_end_ms),
    batchSize: row.batch_size,
    format: row.format,
    formatVersion: row.format_version,
    options: parseOptions(row.options),
    token: row.token,
    state: row.state,
    createdAtMs: Number(row.created_at_ms),
  }));
}

let lastVersion = 0n;

/**
 * Writes what is known of batches; the newest word on a batch wins. Without deduplication of the insert, on purpose: a repeated row
 * changes nothing here, whereas a part lost between its deduplication entry and its rename would make the retry a silent no-op.
 */
export async function write(
  client: ClickHouseClient,
  database: string,
  batches: LedgerBatch[],
): Promise<void> {
  if (batches.length === 0) return;
  const now = BigInt(Date.now()) * 1_000_000n;
  lastVersion = now > lastVersion ? now : lastVersion + 1n;
  const version = lastVersion.toString();
  await client.insert({
    table: `${database}.ingest_batches`,
    format: 'JSONEachRow',
    values: batches.map((batch) => ({
      batch_id: batch.id,
      batch_key: batch.key.toString(),
      source: batch.source,
      source_name: batch.sourceName,
      source_offset: batch.offset,
      records: batch.records,
      accepted: batch.accepted,
      rejected: batch.rejected,
      duplicates: batch.duplicates,
      flagged: batch.flagged,
      bytes: BigInt.asUintN(64, batch.bytes).toString(),
      packets: BigInt.asUintN(64, batch.packets).toString(),
      first_start: instant(batch.firstStartMs),
      last_end: instant(batch.lastEndMs),
      batch_size: batch.batchSize,
      format: batch.format,
      format_version: batch.formatVersion,
      options: JSON.stringify(batch.options),
      token: batch.token,
      state: batch.state,
      created_at: instant(batch.createdAtMs),
      version,
    })),
    clickhouse_settings: { async_insert: 0, insert_deduplicate: 0, distributed_foreground_insert: 1 },
  });
}

// Written out: a bare number such as 0.000 is not always read as seconds.
function instant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}

function parseOptions(text: string): BatchOptions {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null ? (value as BatchOptions) : {};
  } catch {
    return {};
  }
}
