import 'server-only';
import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable } from './connect';
import { LANDING_COLUMNS } from './encodeRow';
import type { Rejection } from './judgeBatch';

/**
 * Settings under which a batch is stored exactly once. A batch stays one block from the request to the last rollup (the same token
 * with another split of blocks doubled rows), and every target recognises it by token.
 */
export function exactlyOnce(token: string): ClickHouseSettings {
  return {
    async_insert: 0,
    wait_end_of_query: 1,
    input_format_parallel_parsing: 0,
    insert_deduplicate: 1,
    insert_deduplication_token: token,
    deduplicate_blocks_in_dependent_materialized_views: 1,
    parallel_view_processing: 1,
    materialized_views_ignore_errors: 0,
    // Above what a batch can come to: 200,000 records, and a rollup row for each five minutes of two hours of each.
    max_insert_block_size: '8000000',
    max_block_size: '8000000',
    min_insert_block_size_rows: '8000000',
    min_insert_block_size_bytes: '0',
    max_partitions_per_insert_block: '1000',
    // The views group by the keys of their tables: merging each block within itself once more would find nothing.
    optimize_on_insert: 0,
    distributed_foreground_insert: 1,
    // A batch made again by its formula has its whole plan in the statement.
    max_query_size: '100000000',
  };
}

/**
 * Id of every query that stores something of a batch, taken from the batch's token. A server runs one query of an id at a time, so asking
 * anything under it tells whether the server still stores the batch, also for a program that has been killed meanwhile.
 */
export function insertId(token: string): string {
  return `weir-batch-${token.split(':', 1)[0] ?? ''}`;
}

/** Sends encoded rows to the landing table. The token makes a second send of the same rows a no-op. */
export async function insertFlows(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  payload: Buffer,
  token: string,
): Promise<void> {
  const answer = await client.exec({
    query: `INSERT INTO ${localTable(target, 'flows_landing')} (${LANDING_COLUMNS.join(', ')}) FORMAT RowBinary`,
    values: Readable.from([payload], { objectMode: false }),
    query_id: insertId(token),
    clickhouse_settings: exactlyOnce(token),
  });
  for await (const _ of answer.stream) {
    // The body must be read to its end for the connection to be free again; an insert answers nothing.
  }
}

/** Stores rejected records under a token of their own. */
export async function insertRejections(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  batch: { key: bigint; sourceName: string; format: string },
  rejections: Rejection[],
  rejectedAtMs: number,
  token: string,
): Promise<void> {
  if (rejections.length === 0) return;
  await client.insert({
    table: `${target.database}.flows_rejected`,
    format: 'JSONEachRow',
    query_id: insertId(token),
    values: rejections.map((rejection) => ({
      rejected_at: new Date(rejectedAtMs).toISOString().slice(0, 23).replace('T', ' '),
      batch_key: batch.key.toString(),
      source_name: batch.sourceName,
      source_offset: rejection.offset,
      format: batch.format,
      reason: rejection.reason,
      detail: rejection.detail,
      record: rejection.record,
    })),
    clickhouse_settings: exactlyOnce(token),
  });
}
