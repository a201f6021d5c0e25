import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { reloadDictionary } from '@/lib/server/reference/replaceTable';
import { type ReferenceTarget, selectRows } from '@/lib/server/reference/target';

export type ReferenceName = 'network' | 'asn' | 'taxonomy' | 'geo';

/** What is loaded now. */
export interface LoadRecord {
  name: ReferenceName;
  /** Grows by one with every change; 0 = never loaded. */
  version: number;
  sourceHash: string;
  rows: number;
  detail: Record<string, unknown>;
  /** UTC, "2026-11-22 09:00:00.000"; empty = never loaded. */
  loadedAt: string;
}

/** What a load did. */
export interface LoadResult {
  name: ReferenceName;
  changed: boolean;
  version: number;
  rows: number;
  seconds: number;
}

/** SHA-256 (hex) over parts, each with its length, so that no two lists of parts collide. */
export function hashOf(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** The newest load of a name. */
export async function currentLoad(client: ClickHouseClient, name: ReferenceName): Promise<LoadRecord> {
  const [row] = await selectRows<{
    version: number;
    source_hash: string;
    rows: string;
    detail: string;
    at: string;
  }>(
    client,
    `SELECT version, source_hash, rows, detail, toString(loaded_at) AS at FROM reference_loads
     WHERE name = {name:String} ORDER BY version DESC, loaded_at DESC LIMIT 1`,
    { name },
  );
  if (row === undefined) return { name, version: 0, sourceHash: '', rows: 0, detail: {}, loadedAt: '' };
  const detail: unknown = JSON.parse(row.detail || '{}');
  return {
    name,
    version: row.version,
    sourceHash: row.source_hash,
    rows: Number(row.rows),
    detail: typeof detail === 'object' && detail !== null ? { ...detail } : {},
    loadedAt: row.at,
  };
}

/**
 * Loads only where the hash of the sources differs from what is loaded. The version is recorded last, so a load cut short
 * is done again by the next start.
 * @param load fills tables and reloads dictionaries; returns rows and what is worth keeping about the load
 */
export async function loadIfChanged(
  client: ClickHouseClient,
  target: ReferenceTarget,
  name: ReferenceName,
  sourceHash: string,
  load: (version: number) => Promise<{ rows: number; detail?: Record<string, unknown> }>,
): Promise<LoadResult> {
  const before = Date.now();
  const current = await currentLoad(client, name);
  if (current.sourceHash === sourceHash) {
    return {
      name,
      changed: false,
      version: current.version,
      rows: current.rows,
      seconds: (Date.now() - before) / 1000,
    };
  }
  const version = current.version + 1;
  const { rows, detail = {} } = await load(version);
  const seconds = (Date.now() - before) / 1000;
  await client.insert({
    table: 'reference_loads',
    format: 'JSONEachRow',
    values: [
      {
        name,
        version,
        source_hash: sourceHash,
        rows,
        detail: JSON.stringify({ ...detail, seconds }),
        loaded_at: new Date().toISOString().slice(0, 23).replace('T', ' '),
      },
    ],
  });
  await stampVersion(client, target, name, version);
  return { name, changed: true, version, rows, seconds };
}

/** Tells enrichment which version it works with: the number it writes on every row. */
async function stampVersion(
  client: ClickHouseClient,
  target: ReferenceTarget,
  name: ReferenceName,
  version: number,
): Promise<void> {
  // Seconds decide which row wins, and two loads can fall into one: the newer row is never earlier than the older one plus one.
  await client.command({
    query: `INSERT INTO reference_versions (name, version, loaded_at)
      SELECT {name:String}, {version:UInt32}, greatest(now('UTC'), max(loaded_at) + 1) FROM reference_versions WHERE name = {name:String}`,
    query_params: { name, version },
  });
  await reloadDictionary(client, target, 'reference_version_dict');
}
