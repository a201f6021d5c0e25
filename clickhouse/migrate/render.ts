import type { MigrationTarget } from './target';

/**
 * Expands the marks of one statement for a single node or for a cluster, from one source:
 *
 * | mark                     | single node | cluster |
 * |--------------------------|-------------|---------|
 * | `{{db}}`                 | `weir`      | `weir` |
 * | `{{local T}}`            | `weir.T`    | `weir.T_local` |
 * | `{{on_cluster}}`         | nothing     | `ON CLUSTER 'c'` |
 * | `{{engine E T args}}`    | `E(args)`   | `ReplicatedE('/clickhouse/tables/{shard}/weir/T', '{replica}', args)` |
 * | `{{engine_everywhere E T args}}` | `E(args)` | the same with one path for all shards: each node holds every row |
 * | `{{distributed T key}}`  | nothing     | `CREATE TABLE weir.T AS weir.T_local ENGINE = Distributed(…, key)` |
 * | `{{source SELECT …}}`    | `SOURCE(CLICKHOUSE(…))` as the dictionary user, in both |
 *
 * @returns the statement, or an empty string where the mark stands for nothing
 * @throws Error naming an unknown or misused mark
 */
export function renderStatement(statement: string, target: MigrationTarget): string {
  let text = statement;
  // Innermost first: {{source SELECT … FROM {{db}}.links}} holds a mark of its own.
  for (let pass = 0; /\{\{[^{}]*\}\}/.test(text) && pass < 4; pass += 1) {
    text = text.replace(/\{\{([^{}]*)\}\}/g, (_, body: string) => expand(body.trim(), target));
  }
  if (text.includes('{{')) throw new Error(`a template mark is not closed: ${around(text)}`);
  return text.trim();
}

/** Quotes a value as a ClickHouse string literal. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `ON CLUSTER 'name'`, or nothing on a single node. */
export function onCluster(target: MigrationTarget): string {
  return target.cluster === null ? '' : `ON CLUSTER ${quoted(target.cluster)}`;
}

/** The table that holds rows on this node: `weir.T`, on a cluster `weir.T_local`. */
export function localTable(target: MigrationTarget, table: string): string {
  return `${target.database}.${target.cluster === null ? table : `${table}_local`}`;
}

/** An engine of the MergeTree family whose rows are the same on every node of a cluster. */
export function engineEverywhere(
  target: MigrationTarget,
  engine: string,
  table: string,
  args: string,
): string {
  // {shard} moves from the path into the replica's name: all nodes of all shards are replicas of one table.
  return renderEngine(
    target,
    engine,
    args,
    `/clickhouse/tables/all/${target.database}/${table}`,
    '{shard}-{replica}',
  );
}

function expand(body: string, target: MigrationTarget): string {
  const space = body.search(/\s/);
  const mark = space === -1 ? body : body.slice(0, space);
  const rest = space === -1 ? '' : body.slice(space).trim();
  switch (mark) {
    case 'db':
      return target.database;
    case 'on_cluster':
      return onCluster(target);
    case 'local':
      return localTable(target, required(rest, 'local T'));
    case 'engine':
    case 'engine_everywhere': {
      const [engine = '', table = '', ...args] = required(rest, `${mark} ENGINE T args`).split(/\s+/);
      required(table, `${mark} ENGINE T args`);
      if (mark === 'engine_everywhere') return engineEverywhere(target, engine, table, args.join(' '));
      return renderEngine(
        target,
        engine,
        args.join(' '),
        `/clickhouse/tables/{shard}/${target.database}/${table}`,
        '{replica}',
      );
    }
    case 'distributed': {
      const [table = '', ...key] = required(rest, 'distributed T key').split(/\s+/);
      return renderDistributed(target, table, required(key.join(' '), 'distributed T key'));
    }
    case 'source':
      return `SOURCE(CLICKHOUSE(USER ${quoted(target.dictionary.user)} PASSWORD ${quoted(target.dictionary.password)} QUERY ${quoted(required(rest, 'source SELECT …'))}))`;
    default:
      throw new Error(
        `unknown template mark {{${mark}}}: known are db, local, on_cluster, engine, engine_everywhere, distributed, source`,
      );
  }
}

function renderEngine(
  target: MigrationTarget,
  engine: string,
  args: string,
  path: string,
  replica: string,
): string {
  if (target.cluster === null) return `${engine}(${args})`;
  return `Replicated${engine}(${[quoted(path), quoted(replica), args].filter((arg) => arg !== '').join(', ')})`;
}

function renderDistributed(target: MigrationTarget, table: string, key: string): string {
  if (target.cluster === null) return '';
  const { database } = target;
  return `CREATE TABLE IF NOT EXISTS ${database}.${table} ${onCluster(target)} AS ${database}.${table}_local ENGINE = Distributed(${quoted(target.cluster)}, ${quoted(database)}, ${quoted(`${table}_local`)}, ${key})`;
}

function required(value: string, usage: string): string {
  if (value === '') throw new Error(`a template mark lacks an argument: write {{${usage}}}`);
  return value;
}

function around(text: string): string {
  return text.slice(text.indexOf('{{'), text.indexOf('{{') + 60);
}
