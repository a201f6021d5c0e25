import type { ClickHouseClient } from '@clickhouse/client';
import { QUARTER_TABLES, TABLE_FACTS, TABLES, type Table } from '@/lib/flows/tables';
import { select } from '../../demo/target';

export interface StoredTable {
  table: string;
  rows: number;
  bytes: number;
  bytesAFlow: number;
  /** `raw`: kept about as long as raw flows */
  kept: 'raw' | 'years';
}

/** Rollups that the chooser does not know, and that are kept for years. */
const OTHER_ROLLUPS = [
  'coverage_5m',
  'coverage_1d',
  'quality_1h',
  'heavy_addresses_1mo',
  'heavy_locals_1mo',
  'heavy_pairs_1mo',
  'heavy_prefixes_1mo',
  ...QUARTER_TABLES,
];

/** Bytes on disk of flows and of each rollup, over the flows of the quarter. */
export async function measureStorage(owner: ClickHouseClient, flows: number): Promise<StoredTable[]> {
  const rows = await select<{ table: string; rows: string; bytes: string }>(
    owner,
    `SELECT table, toString(sum(rows)) AS rows, toString(sum(bytes_on_disk)) AS bytes FROM system.parts
     WHERE active AND database = currentDatabase() AND table IN {tables:Array(String)} GROUP BY table ORDER BY sum(bytes_on_disk) DESC`,
    { tables: [...TABLES, ...OTHER_ROLLUPS] },
  );
  return rows.map(({ table, rows: count, bytes }) => ({
    table,
    rows: Number(count),
    bytes: Number(bytes),
    bytesAFlow: Number(bytes) / flows,
    kept: TABLE_FACTS[table as Table]?.age ?? 'years',
  }));
}
