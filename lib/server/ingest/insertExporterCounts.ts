import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ExporterCounts } from './exporterTally';

/**
 * Stores what a batch brought from each exporter. Written before its records, so that whoever finds those need not look for these, and
 * without deduplication of the insert: a row written again takes the place of the same one, whereas a part lost between its deduplication
 * entry and its rename would make the retry a silent no-op (as in the ledger).
 */
export async function insertExporterCounts(
  client: ClickHouseClient,
  database: string,
  batchKey: bigint,
  counts: readonly ExporterCounts[],
): Promise<void> {
  if (counts.length === 0) return;
  await client.insert({
    table: `${database}.batch_exporters`,
    format: 'JSONEachRow',
    values: counts.map((row) => ({
      hour: instant(row.hourMs).slice(0, 19),
      exporter: row.exporter,
      source_format: row.sourceFormat,
      export_version: row.exportVersion,
      obs_domain: row.obsDomain,
      batch_key: batchKey.toString(),
      accepted: row.accepted,
      duplicates: row.duplicates,
      rejected: row.rejected,
      flagged: row.flagged,
      numbered: row.numbered,
      stretches: row.stretches.map(({ from, to, first, span, received }) => [
        instant(from),
        instant(to),
        first,
        span,
        received,
      ]),
      parallel: row.parallel ? 1 : 0,
      too_many: row.tooMany ? 1 : 0,
    })),
    clickhouse_settings: {
      async_insert: 0,
      insert_deduplicate: 0,
      distributed_foreground_insert: 1,
      // Received times of one batch may lie anywhere between 1980 and now.
      max_partitions_per_insert_block: '1000',
    },
  });
}

function instant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}
