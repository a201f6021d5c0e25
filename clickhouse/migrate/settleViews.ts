import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { onCluster } from './render';
import type { MigrationTarget } from './target';
import { untilViewsAreBack } from './viewsAway';

const names = z.array(z.object({ name: z.string() }));
const definitions = z.array(z.object({ name: z.string(), query: z.string() }));

/** Materialized views of the database, each with its query. */
export async function materializedViews(
  client: ClickHouseClient,
  target: MigrationTarget,
): Promise<Map<string, string>> {
  const result = await client.query({
    query: `SELECT name, as_select AS query FROM system.tables WHERE database = {db:String} AND engine = 'MaterializedView' ORDER BY name`,
    query_params: { db: target.database },
    format: 'JSONEachRow',
  });
  return new Map(definitions.parse(await result.json()).map(({ name, query }) => [name, query]));
}

/**
 * Takes views off and puts them on again, as a restart of the server does. In 26.7 a view that was made in this life of the server, or whose
 * query was changed in it, passes on other deduplication ids than the same view after a restart: a batch that is sent again then would be
 * stored twice. Rows that arrive between the two do not reach these views, so the others are left alone; what a changed one misses of an
 * import that runs meanwhile, reconcile finds and mends.
 */
export async function settleViews(
  client: ClickHouseClient,
  target: MigrationTarget,
  views: readonly string[],
): Promise<void> {
  // IF (NOT) EXISTS: several may migrate at once.
  for (const view of views) {
    const name = `${target.database}.${view}`;
    await client.command({ query: `DETACH TABLE IF EXISTS ${name} ${onCluster(target)} SYNC` });
    await attach(client, target, view);
  }
}

/** Puts on again what a run that was cut short left off; nothing else takes tables off. */
export async function attachLeftViews(client: ClickHouseClient, target: MigrationTarget): Promise<void> {
  const left = await namesOf(
    client,
    target,
    `SELECT table AS name FROM system.detached_tables WHERE database = {db:String} AND endsWith(table, '_mv') ORDER BY name`,
  );
  for (const view of left) await attach(client, target, view);
}

async function attach(client: ClickHouseClient, target: MigrationTarget, view: string): Promise<void> {
  const query = `ATTACH TABLE IF NOT EXISTS ${target.database}.${view} ${onCluster(target)}`;
  await untilViewsAreBack(() => client.command({ query }));
}

async function namesOf(client: ClickHouseClient, target: MigrationTarget, query: string): Promise<string[]> {
  const result = await client.query({
    query,
    query_params: { db: target.database },
    format: 'JSONEachRow',
  });
  return names.parse(await result.json()).map(({ name }) => name);
}
