import { expect, test } from 'vitest';
import { renderStatement } from './render';
import type { MigrationTarget } from './target';

const single: MigrationTarget = {
  url: 'http://localhost:8123',
  database: 'weir',
  cluster: null,
  owner: { user: 'owner', password: 'o' },
  dictionary: { user: 'dict', password: "p'w\\d" },
};
const cluster: MigrationTarget = { ...single, cluster: 'main' };

const cases: [what: string, source: string, single: string, cluster: string][] = [
  ['the database', 'DROP TABLE {{db}}.t', 'DROP TABLE weir.t', 'DROP TABLE weir.t'],
  [
    'the table of this node',
    'CREATE TABLE {{local t}} {{on_cluster}} (x Int8)',
    'CREATE TABLE weir.t  (x Int8)',
    "CREATE TABLE weir.t_local ON CLUSTER 'main' (x Int8)",
  ],
  [
    'an engine without arguments',
    'ENGINE = {{engine MergeTree t}} ORDER BY x',
    'ENGINE = MergeTree() ORDER BY x',
    "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/weir/t', '{replica}') ORDER BY x",
  ],
  [
    'an engine with arguments',
    'ENGINE = {{engine ReplacingMergeTree t version}}',
    'ENGINE = ReplacingMergeTree(version)',
    "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/weir/t', '{replica}', version)",
  ],
  [
    'an engine whose rows are on every node',
    'ENGINE = {{engine_everywhere MergeTree t}}',
    'ENGINE = MergeTree()',
    "ENGINE = ReplicatedMergeTree('/clickhouse/tables/all/weir/t', '{shard}-{replica}')",
  ],
  [
    'the table over all nodes',
    '{{distributed t cityHash64(a, b)}}',
    '',
    "CREATE TABLE IF NOT EXISTS weir.t ON CLUSTER 'main' AS weir.t_local ENGINE = Distributed('main', 'weir', 't_local', cityHash64(a, b))",
  ],
  [
    'a dictionary source, with a mark inside and quotes escaped',
    "{{source SELECT 'a' AS x FROM {{db}}.t}}",
    String.raw`SOURCE(CLICKHOUSE(USER 'dict' PASSWORD 'p\'w\\d' QUERY 'SELECT \'a\' AS x FROM weir.t'))`,
    String.raw`SOURCE(CLICKHOUSE(USER 'dict' PASSWORD 'p\'w\\d' QUERY 'SELECT \'a\' AS x FROM weir.t'))`,
  ],
];

test.each(cases)('one source renders %s for a node and for a cluster', (_, source, onNode, onCluster) => {
  expect(renderStatement(source, single)).toBe(onNode);
  expect(renderStatement(source, cluster)).toBe(onCluster);
});

test('an unknown mark is an error that lists the known ones', () => {
  expect(() => renderStatement('{{lokal t}}', single)).toThrow(
    /unknown template mark \{\{lokal\}\}.*known are db, local/,
  );
});

test.each(['{{local}}', '{{engine MergeTree}}', '{{distributed t}}', '{{source}}'])(
  'a mark without its argument is an error: %s',
  (mark) => {
    expect(() => renderStatement(mark, cluster)).toThrow(/lacks an argument/);
  },
);

test('a mark that is not closed is an error', () => {
  expect(() => renderStatement('SELECT {{db', single)).toThrow(/not closed/);
});
