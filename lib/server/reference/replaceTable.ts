import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ClickHouseClient } from '@clickhouse/client';
import { onCluster, quoteName, type ReferenceTarget, selectRows } from '@/lib/server/reference/target';

/** What a reference table is filled from: rows in memory, or files of tab-separated lines in the order of the columns. */
export type Content = { rows: readonly object[] } | { files: readonly string[]; columns: readonly string[] };

/**
 * Fills a reference table whole: the rows go into a staging table of the same structure, which then replaces the content
 * in one step (REPLACE PARTITION of the only partition; on a cluster it is replicated to every node). A reader sees
 * the old content or the new, and a failure on the way leaves the old.
 * @returns rows now in the table
 */
export async function replaceTable(
  client: ClickHouseClient,
  target: ReferenceTarget,
  table: string,
  content: Content,
): Promise<number> {
  const { name, sortingKey } = await findTable(client, target, table);
  await dropLeftovers(client, target, table);
  const db = quoteName(target.database);
  const stagingName = `${table}_new_${randomBytes(4).toString('hex')}`;
  const staging = `${db}.${quoteName(stagingName)}`;
  await client.command({
    query: `CREATE TABLE ${staging} AS ${db}.${quoteName(name)} ENGINE = MergeTree ORDER BY ${sortingKey}`,
  });
  try {
    await fill(client, stagingName, content);
    await client.command({
      query: `ALTER TABLE ${db}.${quoteName(name)} REPLACE PARTITION tuple() FROM ${staging}`,
      clickhouse_settings: { allow_replace_partition_from_empty_source: 1 } as Record<string, number>,
    });
    const [counted] = await selectRows<{ rows: string }>(client, `SELECT count() AS rows FROM ${staging}`);
    return Number(counted?.rows ?? 0);
  } finally {
    await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  }
}

/** Makes a dictionary read its source again. The old content answers until the new is complete. */
export async function reloadDictionary(
  client: ClickHouseClient,
  target: ReferenceTarget,
  dictionary: string,
): Promise<void> {
  const name = `${quoteName(target.database)}.${quoteName(dictionary)}`;
  await client.command({ query: `SYSTEM RELOAD DICTIONARY ${onCluster(target)} ${name}` });
}

/**
 * Loads what a restarted server has not loaded yet: it would do so at the first record, which then waits for seconds.
 */
export async function warmDictionaries(client: ClickHouseClient, target: ReferenceTarget): Promise<void> {
  const cold = await selectRows<{ name: string }>(
    client,
    "SELECT name FROM system.dictionaries WHERE database = {database:String} AND status = 'NOT_LOADED' ORDER BY element_count",
    { database: target.database },
  );
  for (const { name } of cold) await reloadDictionary(client, target, name);
}

async function fill(client: ClickHouseClient, table: string, content: Content): Promise<void> {
  if ('rows' in content) {
    if (content.rows.length > 0) {
      await client.insert({ table, values: content.rows, format: 'JSONEachRow' });
    }
    return;
  }
  const [first = '', ...others] = content.columns;
  for (const file of content.files) {
    await client.insert({
      table,
      columns: [first, ...others],
      values: createReadStream(file),
      format: 'TabSeparated',
    });
  }
}

/** Staging tables that a killed process left an hour ago and more. */
async function dropLeftovers(
  client: ClickHouseClient,
  target: ReferenceTarget,
  table: string,
): Promise<void> {
  const leftovers = await selectRows<{ name: string }>(
    client,
    `SELECT name FROM system.tables
     WHERE database = {database:String} AND match(name, {pattern:String}) AND metadata_modification_time < now() - INTERVAL 1 HOUR`,
    { database: target.database, pattern: `^${table}_new_[0-9a-f]{8}$` },
  );
  for (const { name } of leftovers) {
    await client.command({
      query: `DROP TABLE IF EXISTS ${quoteName(target.database)}.${quoteName(name)} SYNC`,
    });
  }
}

async function findTable(
  client: ClickHouseClient,
  target: ReferenceTarget,
  table: string,
): Promise<{ name: string; sortingKey: string }> {
  const [found] = await selectRows<{ name: string; sorting_key: string }>(
    client,
    `SELECT name, sorting_key FROM system.tables
     WHERE database = {database:String} AND name = {table:String} AND engine LIKE '%MergeTree'`,
    { database: target.database, table },
  );
  if (found === undefined) {
    throw new Error(
      `table ${target.database}.${table} does not exist: run npm run migrate, then npm run reference -- load`,
    );
  }
  // As the table was written: REPLACE PARTITION compares the text, and (exporter) is not exporter.
  const sortingKey = found.sorting_key.includes(',') ? `(${found.sorting_key})` : found.sorting_key;
  return { name: found.name, sortingKey };
}
