import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../../demo/target';
import { QUARTER } from '../data/quarter';

/** Drops what a measurement of ingest has stored behind the quarter, and the ledger it wrote. Also after a run that was killed. */
export async function removeIngested(owner: ClickHouseClient): Promise<void> {
  const parts = await select<{ table: string; id: string }>(
    owner,
    `SELECT DISTINCT p.table AS table, p.partition_id AS id FROM system.parts AS p
     WHERE p.active AND p.database = currentDatabase() AND match(p.partition_id, '^20[0-9]{4}([0-9]{2})?$') AND substring(p.partition_id, 1, 6) >= {first:String}
       AND p.table NOT IN ('flows_rejected', 'ingest_keys')`,
    { first: new Date(QUARTER.to * 1000).toISOString().slice(0, 7).replace('-', '') },
  );
  for (const { table, id } of parts) {
    await owner.command({ query: `ALTER TABLE ${table} DROP PARTITION ID '${id}'` });
  }
  for (const table of ['ingest_batches', 'ingest_keys', 'flows_rejected']) {
    await owner.command({ query: `TRUNCATE TABLE ${table} SETTINGS max_table_size_to_drop = 0` });
  }
}
