import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../connect';
import * as ledger from '../ledger';
import type { Scope } from './report';

/** Batches that are checked: everything, or those unfinished and those of the last hour before the newest. */
function inScope(database: string, scope: Scope): string {
  if (scope === 'all') return '1';
  return `(state != 'committed' OR created_at >= (SELECT max(created_at) FROM ${database}.ingest_batches) - toIntervalHour(1))`;
}

export interface ScopeOfBatches {
  batches: number;
  /** UTC days (YYYYMMDD) that the batches touch. */
  days: number[];
}

export async function scopeOfBatches(
  client: ClickHouseClient,
  database: string,
  scope: Scope,
): Promise<ScopeOfBatches> {
  const [row] = await select<{ batches: string; days: number[] }>(
    client,
    `SELECT count() AS batches,
       arraySort(groupUniqArrayArray(if(accepted = 0, [], arrayMap(i -> toYYYYMMDD(toDate(first_start) + i),
         range(toUInt32(greatest(0, least(dateDiff('day', first_start, last_end), 36500))) + 1))))) AS days
     FROM ${database}.ingest_batches FINAL WHERE ${inScope(database, scope)}`,
  );
  return { batches: Number(row?.batches ?? 0), days: row?.days ?? [] };
}

/**
 * Ids of batches that are not finished, or whose rows, bytes or packets in flows, or rows in flows_rejected, are not those of the
 * ledger. A batch that reaches back before `keptSince` may have fewer rows than it had.
 */
export async function suspectBatches(
  client: ClickHouseClient,
  database: string,
  scope: Scope,
  days: number[],
  keptSince: number,
  rejectionsKeptSince: number,
): Promise<ledger.LedgerBatch[]> {
  const bounds =
    scope === 'all' ? '1' : `toYYYYMMDD(ts_start) BETWEEN ${days[0] ?? 0} AND ${days.at(-1) ?? 0}`;
  const rows = await select<{ id: string }>(
    client,
    `SELECT batch_id AS id
     FROM (SELECT * FROM ${database}.ingest_batches FINAL WHERE ${inScope(database, scope)}) AS l
     GLOBAL LEFT JOIN (
       SELECT batch_key, count() AS stored, sum(bytes) AS stored_bytes, sum(packets) AS stored_packets
       FROM ${database}.flows WHERE ${bounds} GROUP BY batch_key
     ) AS f ON l.batch_key = f.batch_key
     GLOBAL LEFT JOIN (
       SELECT batch_key, uniqExact(source_offset) AS stored_rejections FROM ${database}.flows_rejected GROUP BY batch_key
     ) AS r ON l.batch_key = r.batch_key
     WHERE l.state != 'committed' OR stored > accepted
       OR (stored_rejections < rejected AND toYYYYMMDD(created_at) >= {rejectionsSince:UInt32})
       OR ((stored != accepted OR stored_bytes != bytes OR stored_packets != packets)
         AND (accepted = 0 OR toYYYYMMDD(first_start) >= {since:UInt32}))`,
    { since: keptSince, rejectionsSince: rejectionsKeptSince },
  );
  const found: ledger.LedgerBatch[] = [];
  for (let at = 0; at < rows.length; at += 500) {
    const ids = rows.slice(at, at + 500).map((row) => row.id);
    found.push(...(await ledger.read(client, database, 'batch_id IN {ids:Array(String)}', { ids })));
  }
  return found;
}

export interface StoredDay {
  day: number;
  rows: number;
  bytes: bigint;
  packets: bigint;
}

/** Those of the ids that the ledger states as committed, and those that it does not know. */
export async function stateOf(
  client: ClickHouseClient,
  database: string,
  ids: string[],
): Promise<{ committed: Set<string>; unknown: Set<string> }> {
  const rows = await select<{ id: string; state: string }>(
    client,
    `SELECT batch_id AS id, state FROM ${database}.ingest_batches FINAL WHERE batch_id IN {ids:Array(String)}`,
    { ids },
  );
  const known = new Set(rows.map(({ id }) => id));
  return {
    committed: new Set(rows.filter(({ state }) => state === 'committed').map(({ id }) => id)),
    unknown: new Set(ids.filter((id) => !known.has(id))),
  };
}

/** What flows holds of a batch, by UTC day. */
export async function storedDays(
  client: ClickHouseClient,
  database: string,
  batch: ledger.LedgerBatch,
): Promise<StoredDay[]> {
  const rows = await select<{ day: number; rows: string; bytes: string; packets: string }>(
    client,
    `SELECT toYYYYMMDD(ts_start) AS day, count() AS rows, sum(bytes) AS bytes, sum(packets) AS packets FROM ${database}.flows
     WHERE batch_key = {key:UInt64} GROUP BY day ORDER BY day`,
    { key: batch.key.toString() },
  );
  return rows.map((row) => ({
    day: row.day,
    rows: Number(row.rows),
    bytes: BigInt(row.bytes),
    packets: BigInt(row.packets),
  }));
}

/** Rejected records of a batch that flows_rejected holds. */
export async function storedRejections(
  client: ClickHouseClient,
  database: string,
  key: bigint,
): Promise<number> {
  const [row] = await select<{ rows: string }>(
    client,
    `SELECT uniqExact(source_offset) AS rows FROM ${database}.flows_rejected WHERE batch_key = {key:UInt64}`,
    { key: key.toString() },
  );
  return Number(row?.rows ?? 0);
}

/** Rows of flows whose batch the ledger does not know. */
export async function orphanRows(
  client: ClickHouseClient,
  database: string,
): Promise<{ batches: number; rows: number }> {
  const [row] = await select<{ batches: string; rows: string }>(
    client,
    `SELECT uniqExact(batch_key) AS batches, count() AS rows FROM ${database}.flows
     WHERE batch_key GLOBAL NOT IN (SELECT batch_key FROM ${database}.ingest_batches)`,
  );
  return { batches: Number(row?.batches ?? 0), rows: Number(row?.rows ?? 0) };
}
