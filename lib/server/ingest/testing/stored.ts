import type { ClickHouseClient } from '@clickhouse/client';

/** Rollups whose buckets are slots of fixed length, with that length in ms. */
export const ROLLUP_SLOT_MS: Record<string, number> = {
  traffic_5m: 300_000,
  links_5m: 300_000,
  coverage_5m: 300_000,
  totals_5m: 300_000,
  regions_5m: 300_000,
  types_5m: 300_000,
  types_1h: 3_600_000,
  traffic_1h: 3_600_000,
  links_1h: 3_600_000,
  quality_1h: 3_600_000,
  services_1h: 3_600_000,
  places_1h: 3_600_000,
  asns_1h: 3_600_000,
  uniques_1h: 3_600_000,
  coverage_1d: 86_400_000,
  traffic_1d: 86_400_000,
  services_1d: 86_400_000,
  places_1d: 86_400_000,
  asns_1d: 86_400_000,
  endpoints_1d: 86_400_000,
  pairs_1d: 86_400_000,
  uniques_1d: 86_400_000,
};

/** Rollups by month, and by parts of it. */
export const MONTHLY = ['uniques_10d', 'uniques_1mo', 'uniques_asn_1mo', 'uniques_place_1mo'];

/** A rollup as lines of bucket, bytes, packets and records over all four directions, as seriesLines writes them. */
export async function rollupLines(client: ClickHouseClient, table: string): Promise<string[]> {
  const rows = await rowsOf<{ ms: string; b: string; p: string; r: string }>(
    client,
    `SELECT toInt64(toUnixTimestamp(bucket)) * 1000 AS ms, toString(sum(toUInt128(bytes))) AS b,
       toString(sum(toUInt128(packets))) AS p, toString(sum(flow_records)) AS r
     FROM ${table} GROUP BY bucket HAVING b != '0' OR p != '0' OR r != '0' ORDER BY bucket`,
  );
  return rows.map((row) => `${new Date(Number(row.ms)).toISOString()} ${row.b} ${row.p} ${row.r}`);
}

/** Rows, bytes and packets of a table of flows or of a rollup, as one line. */
export async function totalsLine(client: ClickHouseClient, table: string): Promise<string> {
  const records = table === 'flows' ? 'count()' : 'sum(flow_records)';
  const [row] = await rowsOf<{ line: string }>(
    client,
    `SELECT concat(toString(${records}), ' ', toString(sum(toUInt128(packets))), ' ', toString(sum(toUInt128(bytes)))) AS line FROM ${table}`,
  );
  return row?.line ?? '';
}

/** Every table of records and sums. */
export const TABLES = ['flows', ...Object.keys(ROLLUP_SLOT_MS), ...MONTHLY];

/** One hash over all rows of each table, whatever parts they lie in; states are compared by what they count. */
export async function contentHashes(client: ClickHouseClient): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of TABLES) {
    const columns = table.startsWith('uniques') ? '* EXCEPT addresses, finalizeAggregation(addresses)' : '*';
    const [row] = await rowsOf<{ hash: string }>(
      client,
      `SELECT toString(sum(cityHash64(${columns}))) || ' ' || toString(count()) AS hash FROM ${table}${table === 'flows' ? '' : ' FINAL'}`,
    );
    hashes[table] = row?.hash ?? '';
  }
  for (const table of ['ingest_batches', 'batch_exporters', 'flows_rejected']) {
    const [row] = await rowsOf<{ hash: string }>(
      client,
      `SELECT toString(sum(cityHash64(*))) || ' ' || toString(count()) AS hash FROM ${table}${table === 'flows_rejected' ? '' : ' FINAL'}`,
    );
    hashes[table] = row?.hash ?? '';
  }
  return hashes;
}

export async function rowsOf<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  const result = await client.query({ query, format: 'JSONEachRow' });
  return result.json<T>();
}

/** Empties every table that imports write. */
export async function emptyTables(client: ClickHouseClient): Promise<void> {
  for (const table of [
    ...TABLES,
    'quality_1h',
    'ingest_batches',
    'batch_exporters',
    'ingest_keys',
    'flows_rejected',
  ]) {
    await client.command({ query: `TRUNCATE TABLE ${table}` });
  }
}
