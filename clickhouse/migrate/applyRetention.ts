import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { asOwner } from './asOwner';
import { localTable, onCluster } from './render';
import { type Keep, type RetainedTableName, type RetentionSettings, retainedTables } from './retention';
import type { MigrationTarget } from './target';

/**
 * Sets how long each table keeps its rows. Changes only what differs, so that it can run at every start. Rows leave in
 * whole parts, so some stay longer than set, and none less.
 *
 * @param options.onlyUnset leave tables alone whose retention was ever set: what nobody asked for now must not delete what
 *   somebody wanted kept
 * @returns the tables whose retention changed
 */
export async function applyRetention(
  target: MigrationTarget,
  settings: RetentionSettings,
  options: { log?: (line: string) => void; onlyUnset?: boolean } = {},
): Promise<{ changed: RetainedTableName[] }> {
  return asOwner(target, async (client) => {
    const before = await currentKeep(client, target);
    const set = options.onlyUnset === true ? await tablesEverSet(client, target) : new Set<string>();
    const changed: RetainedTableName[] = [];
    for (const [name, { time }] of Object.entries(retainedTables) as [
      RetainedTableName,
      { time: string },
    ][]) {
      const keep = settings[name];
      const was = before.get(localTable(target, name).slice(target.database.length + 1));
      if (was === undefined || was === keep || set.has(name)) continue;
      await setKeep(client, target, name, time, keep);
      changed.push(name);
      options.log?.(`${name}: kept ${describeKeep(keep)} (before: ${describeKeep(was)})`);
    }
    const applied = Object.entries(settings).filter(([name]) => !set.has(name));
    if (applied.length > 0) await rememberRetention(client, target, applied);
    return { changed };
  });
}

async function setKeep(
  client: ClickHouseClient,
  target: MigrationTarget,
  name: RetainedTableName,
  time: string,
  keep: Keep,
): Promise<void> {
  const table = `${localTable(target, name)} ${onCluster(target)}`;
  if (keep === 'keep') {
    await client.command({ query: `ALTER TABLE ${table} REMOVE TTL` });
    return;
  }
  // Parts are dropped whole, and a new TTL is only noted on old parts: neither rewrites billions of rows.
  await client.command({
    query: `ALTER TABLE ${table} MODIFY SETTING ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1`,
  });
  await client.command({ query: `ALTER TABLE ${table} MODIFY TTL ${time} + toIntervalDay(${keep})` });
}

const tableRows = z.array(z.object({ name: z.string(), engine_full: z.string() }));

/** Days that each table with data keeps now, or `keep`; a TTL that we did not write counts as 0 days. */
async function currentKeep(client: ClickHouseClient, target: MigrationTarget): Promise<Map<string, Keep>> {
  const result = await client.query({
    query: `SELECT name, engine_full FROM system.tables WHERE database = {db:String} AND engine LIKE '%MergeTree'`,
    query_params: { db: target.database },
    format: 'JSONEachRow',
  });
  return new Map(
    tableRows.parse(await result.json()).map(({ name, engine_full }): [string, Keep] => {
      const ttl = / TTL (.+?)(?: SETTINGS |$)/s.exec(engine_full)?.[1];
      if (ttl === undefined) return [name, 'keep'];
      return [name, Number(/ \+ toIntervalDay\((\d+)\)$/.exec(ttl)?.[1] ?? 0)];
    }),
  );
}

async function tablesEverSet(client: ClickHouseClient, target: MigrationTarget): Promise<Set<string>> {
  const result = await client.query({
    query: `SELECT DISTINCT table_name AS name FROM ${target.database}.retention`,
    format: 'JSONEachRow',
  });
  return new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(await result.json())
      .map(({ name }) => name),
  );
}

/** What the dashboard reads: `keep_days` 0 = for ever. */
async function rememberRetention(
  client: ClickHouseClient,
  target: MigrationTarget,
  settings: readonly (readonly [string, Keep])[],
): Promise<void> {
  const rows = settings.map(([name, keep]) => `('${name}', ${keep === 'keep' ? 0 : keep}, now64(3, 'UTC'))`);
  await client.command({
    query: `INSERT INTO ${target.database}.retention (table_name, keep_days, set_at) VALUES ${rows.join(', ')}`,
  });
}

function describeKeep(keep: Keep): string {
  if (keep === 'keep') return 'for ever';
  return keep === 0 ? 'by a rule set by hand' : `${keep} days`;
}
