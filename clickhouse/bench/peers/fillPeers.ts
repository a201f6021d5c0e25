import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../../demo/target';
import { QUARTER } from '../data/quarter';
import { createPeers, peerTables } from './schema';

/** Records an insert, about: the peers' blocks of 30 key columns take memory. */
const RECORDS = 100_000;
const DAY = 86_400;

/**
 * Fills the peers with the same rows as `flows`, in stretches of whole days; a set that holds them all already is kept.
 * @returns records a second, or null where nothing had to be done
 */
export async function fillPeers(
  client: ClickHouseClient,
  records: number,
  onProgress: (stored: number, perSecond: number) => void,
  signal?: AbortSignal,
): Promise<number | null> {
  const tables = peerTables('peer');
  if ((await storedRecords(client)) === records) return null;
  await createPeers(client, 'peer');
  const began = performance.now();
  const days = Math.max(1, Math.floor((RECORDS * (QUARTER.to - QUARTER.from)) / DAY / records));
  for (let day = QUARTER.from; day < QUARTER.to; day += days * DAY) {
    signal?.throwIfAborted();
    await client.command({
      query: `INSERT INTO ${tables.enriched} SELECT * FROM flows WHERE ts_start >= fromUnixTimestamp64Milli({from:Int64} * 1000, 'UTC') AND ts_start < fromUnixTimestamp64Milli(least({from:Int64} + ${days * DAY}, ${QUARTER.to}) * 1000, 'UTC')`,
      query_params: { from: day },
      // One thread each: with more the blocks of 30 key columns take gigabytes.
      clickhouse_settings: {
        deduplicate_insert_select: 'disable',
        max_insert_threads: '1',
        max_threads: 2,
        parallel_view_processing: 1,
      },
    });
    const [row] = await select<{ rows: string }>(client, `SELECT count() AS rows FROM ${tables.raw}`);
    onProgress(Number(row?.rows ?? 0), Number(row?.rows ?? 0) / ((performance.now() - began) / 1000));
  }
  return records / ((performance.now() - began) / 1000);
}

/** Records that all three tables agree on; -1 where they do not, or are not there. */
async function storedRecords(client: ClickHouseClient): Promise<number> {
  const tables = peerTables('peer');
  try {
    const [row] = await select<{ raw: string; fine: string; coarse: string }>(
      client,
      `SELECT toString((SELECT count() FROM ${tables.raw})) AS raw, toString((SELECT sum(flows) FROM ${tables.wide5m})) AS fine, toString((SELECT sum(flows) FROM ${tables.wide1h})) AS coarse`,
    );
    return row && row.raw === row.fine && row.fine === row.coarse ? Number(row.raw) : -1;
  } catch {
    return -1;
  }
}
