import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable, select } from '../connect';

/** A table that a materialized view fills, from flows or from another rollup. Names carry the database. */
export interface Rollup {
  name: string;
  source: string;
  /** The view's own SELECT. */
  select: string;
  columns: string[];
  sortingKey: string;
  /** Months where the buckets are longer than a day, else UTC days: the unit in which it is compared. */
  unit: 'day' | 'month';
}

interface View {
  create: string;
  query: string;
}

interface Column {
  table: string;
  name: string;
}

/**
 * The rollups below flows, each after what it is made from. Found in ClickHouse's own catalogue, so that a new view is compared from
 * the day it exists. Views whose target lacks bucket, bytes, packets or flow_records are named in `skipped`.
 */
export async function findRollups(
  client: ClickHouseClient,
  target: ClickHouseTarget,
): Promise<{ rollups: Rollup[]; skipped: string[] }> {
  const { database } = target;
  const views = await select<View>(
    client,
    `SELECT create_table_query AS create, as_select AS query FROM system.tables
     WHERE database = {database:String} AND engine = 'MaterializedView' ORDER BY name`,
    { database },
  );
  const columns = await select<Column>(
    client,
    'SELECT table, name FROM system.columns WHERE database = {database:String} ORDER BY position',
    { database },
  );
  const tables = await select<{ name: string; engine: string; sorting_key: string; partition_key: string }>(
    client,
    'SELECT name, engine, sorting_key, partition_key FROM system.tables WHERE database = {database:String}',
    { database },
  );
  const direct = views.flatMap(({ create, query }) => {
    const to = nameAfter(/ TO\s+/g, create);
    const from = lastNameAfter(query);
    return to === null || from === null ? [] : [{ to, from, query }];
  });
  const found = throughNull(
    direct,
    tables.filter(({ engine }) => engine === 'Null').map(({ name }) => `${database}.${name}`),
  );

  const rollups: Rollup[] = [];
  const skipped: string[] = [];
  const ready = [localTable(target, 'flows')];
  for (let source = ready.shift(); source !== undefined; source = ready.shift()) {
    for (const view of found.filter(({ from }) => from === source)) {
      const table = view.to.slice(database.length + 1);
      const names = columns.filter((column) => column.table === table).map((column) => column.name);
      const about = tables.find(({ name }) => name === table);
      const comparable =
        ['bucket', 'bytes', 'packets', 'flow_records'].every((name) => names.includes(name)) &&
        about?.partition_key === 'toYYYYMM(bucket)';
      if (!comparable || about === undefined) {
        skipped.push(`${table}: it has no bucket, bytes, packets and flow_records by month to compare`);
        continue;
      }
      rollups.push({
        name: view.to,
        source,
        select: view.query,
        columns: names,
        sortingKey: about.sorting_key,
        unit: /_(10d|\d+(mo|q|y))(_local)?$/.test(table) ? 'month' : 'day',
      });
      ready.push(view.to);
    }
  }
  return { rollups, skipped };
}

interface Found {
  to: string;
  from: string;
  query: string;
}

/**
 * Views below a table that keeps nothing (Null), as if each read what fills that table: rows only pass through it, so it can be
 * neither compared nor read.
 */
function throughNull(views: readonly Found[], nullTables: readonly string[]): Found[] {
  const fillers = new Map(views.filter(({ to }) => nullTables.includes(to)).map((view) => [view.to, view]));
  return views
    .filter(({ to }) => !fillers.has(to))
    .map((view) => {
      const filler = fillers.get(view.from);
      if (filler === undefined) return view;
      const table = new RegExp(`\\bFROM\\s+${view.from.replace('.', '\\.')}\\b`);
      return { ...view, from: filler.from, query: view.query.replace(table, () => `FROM (${filler.query})`) };
    });
}

function nameAfter(keyword: RegExp, sql: string): string | null {
  const start = keyword.exec(sql);
  keyword.lastIndex = 0;
  return start === null ? null : tableName(sql.slice(start.index + start[0].length));
}

/** The table of the innermost FROM: the only one of a view's SELECT that names a table. */
function lastNameAfter(sql: string): string | null {
  const starts = [...sql.matchAll(/\bFROM\s+/g)];
  const last = starts.at(-1);
  return last === undefined ? null : tableName(sql.slice(last.index + last[0].length));
}

function tableName(text: string): string | null {
  const match = /^`?(\w+)`?\.`?(\w+)`?/.exec(text);
  return match === null ? null : `${match[1]}.${match[2]}`;
}
