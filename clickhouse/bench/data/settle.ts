import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../../demo/target';

/**
 * Merges every table but raw flows to one part a partition, which is how closed months end up; ours and the peers' alike. Raw tables are left
 * as merges have left them.
 */
export async function settle(
  owner: ClickHouseClient,
  onStep: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const parts = await select<{ table: string; partition: string }>(
    owner,
    `SELECT table, partition_id AS partition FROM system.parts
     WHERE active AND database = currentDatabase() AND table NOT IN ('flows', 'peer_raw', 'ingest_batches', 'ingest_keys', 'flows_rejected')
     GROUP BY table, partition_id HAVING count() > 1 ORDER BY table, partition_id`,
  );
  for (const { table, partition } of parts) {
    signal?.throwIfAborted();
    onStep(`merging ${table} ${partition}`);
    await owner.command({
      query: `OPTIMIZE TABLE ${table} PARTITION ID '${partition}' FINAL`,
      clickhouse_settings: { mutations_sync: '1' },
    });
  }
}
