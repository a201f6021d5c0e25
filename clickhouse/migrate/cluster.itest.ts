import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilters } from '@/lib/flows/filter/parseFilter';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { closeReader } from '@/lib/server/clickhouse/client';
import { goflow2Line } from '@/lib/server/ingest/formats/testing/goflow2';
import { drainOnce } from '@/lib/server/ingest/kafka/drain';
import { freePort } from '@/lib/server/process/freePort';
import { answerCoverageCalendar } from '@/lib/server/queries/coverageCalendar';
import { answerDoubleCounting } from '@/lib/server/queries/doubleCounting';
import { answerExporterQuality } from '@/lib/server/queries/exporterQuality';
import { answerHeadline } from '@/lib/server/queries/headline';
import { answerImportLedger } from '@/lib/server/queries/importLedger';
import { answerLateData } from '@/lib/server/queries/lateData';
import { answerRejectedRecords } from '@/lib/server/queries/rejectedRecords';
import { answerStoredTables } from '@/lib/server/queries/storedTables';
import { testContext, useEngine } from '@/lib/server/queries/testing/useEngine';
import { answerUnclassifiedSources } from '@/lib/server/queries/unclassifiedSources';
import { type EmbeddedClickHouse, startClickHouse } from '../embedded/start';
import { readMigrationFiles } from './files';
import { renderStatement } from './render';
import type { MigrationTarget } from './target';

/**
 * The embedded engine has no ZooKeeper client, so replication and ON CLUSTER cannot run here. Two things can: every
 * statement of the cluster variant is read by the real parser; and on two real servers, with each statement run on both
 * in place of ON CLUSTER and without Replicated, records are spread, enriched, rolled up and read over both.
 */
const cluster = 'pair';
const secrets = {
  owner: 'owner-secret',
  ingest: 'ingest-secret',
  reader: 'reader-secret',
  dictionary: 'dictionary-secret',
};

let folder: string;
let engines: EmbeddedClickHouse[] = [];
let nodes: ClickHouseClient[] = [];
let target: MigrationTarget;
let statements: { name: string; sql: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-cluster-'));
  const first = await freePort();
  const ports = [first, await freePort(first + 1)];
  const shards = ports.map((tcpPort) => ({
    host: '127.0.0.1',
    tcpPort,
    user: 'owner',
    password: secrets.owner,
  }));
  for (const [index, tcpPort] of ports.entries()) {
    const engine = await startClickHouse({
      dataPath: join(folder, `node${index}`),
      logPath: join(folder, `logs${index}`),
      database: 'weir',
      maxMemoryBytes: 1024 ** 3,
      secrets,
      tcpPort,
      clusters: [{ name: cluster, shards }],
    });
    engines.push(engine);
    const { url, owner } = engine.target;
    nodes.push(
      createClient({
        url,
        username: owner.user,
        password: owner.password,
        clickhouse_settings: { distributed_foreground_insert: 1, async_insert: 0 },
      }),
    );
    target = { ...engine.target, cluster };
  }
  statements = (await readMigrationFiles()).flatMap((file) =>
    file.statements.map((statement, index) => ({
      name: `${file.name} ${index + 1}`,
      sql: renderStatement(statement, target),
    })),
  );
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await Promise.all(engines.map((engine) => engine.stop()));
  engines = [];
  nodes = [];
  await rm(folder, { recursive: true, force: true });
});

const rows = async (node: ClickHouseClient | undefined, query: string) =>
  (await node?.query({ query, format: 'JSONEachRow' }))?.json<Record<string, string | number>>();

/** What one node would run, if there were no other. */
function withoutKeeper(sql: string): string {
  return sql
    .replace(`ON CLUSTER '${cluster}'`, '')
    .replace(/Replicated(\w+)\('[^']*', '[^']*'(?:, )?/, '$1(');
}

test('the parser reads every statement of the cluster variant', async () => {
  expect(statements.length).toBeGreaterThan(50);
  for (const { name, sql } of statements) {
    await expect(nodes[0]?.command({ query: `EXPLAIN AST ${sql}` }), name).resolves.toBeDefined();
  }
});

test('every CREATE of the cluster variant is for all nodes, and every MergeTree is replicated', () => {
  for (const { name, sql } of statements) {
    if (/^CREATE/.test(sql)) expect(sql, name).toContain(`ON CLUSTER '${cluster}'`);
    expect(sql, name).not.toMatch(/ENGINE = (?!Replicated)\w*MergeTree/);
  }
});

test('no two tables share a replication path', () => {
  const paths = statements.flatMap(({ sql }) =>
    [...sql.matchAll(/Replicated\w+\('([^']+)'/g)].map((match) => match[1]),
  );
  expect(paths.length).toBeGreaterThan(15);
  expect(new Set(paths).size).toBe(paths.length);
});

test('over two nodes records are spread, enriched where they land, rolled up, and read as one', async () => {
  for (const node of nodes) {
    await node.command({ query: 'CREATE DATABASE IF NOT EXISTS weir ENGINE = Atomic' });
  }
  // As ON CLUSTER does: a statement on every node before the next one, which may read from all.
  for (const { sql } of statements) {
    for (const node of nodes) await node.command({ query: withoutKeeper(sql) });
  }
  for (const node of nodes) {
    // Replication would carry these rows to the other node.
    await node.command({ query: `INSERT INTO weir.own_prefixes VALUES ('198.51.100.0/24')` });
    await node.command({ query: `INSERT INTO weir.as_names VALUES (0, 'Example Networks')` });
    await node.command({ query: 'SYSTEM RELOAD DICTIONARY weir.own_prefix_dict' });
  }
  const insert = () =>
    nodes[0]?.command({
      query: `INSERT INTO weir.flows_landing (batch_key, ts_start, duration_ms, ts_recv, exporter, src_ip, dst_ip, bytes_raw, packets_raw, sampling_rate)
        SELECT 7, toDateTime64('2026-11-01 00:00:00', 3, 'UTC') + number, 600000, toDateTime64('2026-11-01 01:00:00', 3, 'UTC'),
          'r' || toString(number % 16), toIPv6('203.0.113.' || toString(number % 250)), toIPv6('198.51.100.1'), 1000 + number, 10, 1
        FROM numbers(1000)`,
      clickhouse_settings: {
        insert_deduplication_token: 'batch-7',
        deduplicate_blocks_in_dependent_materialized_views: 1,
      },
    });
  await insert();

  const total = { n: '1000', total: String(1000 * 1000 + (999 * 1000) / 2) };
  const raw = `SELECT toString(count()) AS n, toString(sum(bytes)) AS total FROM weir.flows WHERE direction = 'ingress'`;
  for (const node of nodes) {
    expect(await rows(node, raw)).toEqual([total]);
    expect(
      await rows(
        node,
        `SELECT toString(sum(flow_records)) AS n, toString(sum(bytes)) AS total FROM weir.traffic_1h`,
      ),
    ).toEqual([total]);
    const [own] = (await rows(node, 'SELECT count() AS n FROM weir.flows_local')) ?? [];
    expect(Number(own?.n)).toBeGreaterThan(100);
    expect(Number(own?.n)).toBeLessThan(900);
    expect(
      await rows(node, 'SELECT toString(uniqCombined64Merge(17)(addresses)) AS n FROM weir.uniques_1mo'),
    ).toEqual([{ n: '250' }]);
  }

  // The same batch again: the token reaches every node, and nothing changes.
  await insert();
  expect(await rows(nodes[1], raw)).toEqual([total]);
  expect(await rows(nodes[1], 'SELECT toString(sum(bytes)) AS total FROM weir.traffic_5m')).toEqual([
    { total: total.total },
  ]);

  // Questions about the data, asked of one node about both.
  const [first] = engines;
  if (first === undefined) throw new Error('no node runs');
  await useEngine(first.target);
  const day = { from: Date.UTC(2026, 10, 1) / 1000, to: Date.UTC(2026, 10, 2) / 1000 };
  const asked = {
    scope: { ...DEFAULT_SCOPE, range: { kind: 'absolute' as const, ...day } },
    options: {},
  };
  const quality = await answerExporterQuality(asked, testContext());
  expect(quality.rows).toMatchObject({ storedRecords: '1000', checkedRecords: '1000' });
  const tables = await answerStoredTables(asked, testContext());
  expect(tables.rows.tables.find(({ table }) => table === 'flows')?.rows).toBe('1000');
  const unclassified = await answerUnclassifiedSources(asked, testContext());
  expect(unclassified.rows).toMatchObject({ bytes: total.total, flowRecords: '1000' });
  const doubled = await answerDoubleCounting(asked, testContext());
  expect(doubled.rows).toMatchObject({ flowRecords: '1000', bytes: total.total });
  expect((await answerLateData(asked, testContext())).rows.knownRecords).toBe('1000');
  for (const answer of [answerCoverageCalendar, answerImportLedger, answerRejectedRecords])
    await expect(answer(asked, testContext())).resolves.toBeDefined();

  // Filters by names look into reference tables that each node has whole, from raw flows and from a rollup.
  const filtered = async (text: string) => {
    const read = parseFilters(text);
    if ('error' in read) throw new Error(read.error.message);
    const scope = { ...asked.scope, compare: 'none' as const, filters: read.filters };
    const { rows, meta } = await answerHeadline({ scope, options: {} }, testContext());
    return { flowRecords: rows.current.flowRecords, uniques: rows.current.uniques, table: meta.table };
  };
  const numbers = Array.from({ length: 1_000 }, (_, number) => number);
  const mine = numbers.filter((number) => `r${number % 16}`.includes('r1') && number % 250 < 128);
  expect(await filtered('asn ~ example and exporter ~ R1 and remote in 203.0.113.0/25')).toEqual({
    flowRecords: String(mine.length),
    uniques: new Set(mine.map((number) => number % 250)).size,
    table: 'flows',
  });
  expect(await filtered('asn ~ example and asn !~ nobody')).toMatchObject({
    flowRecords: '1000',
    table: 'asns_1h',
  });
  expect(await filtered('asn ~ nobody')).toMatchObject({ flowRecords: '0', uniques: 0 });
  await closeReader();
});

test('messages of Kafka that came to both nodes are stored once, and their copies counted', async () => {
  // Before and after a rebalance: 60 of 100 offsets come to both.
  const stage = (node: ClickHouseClient | undefined, from: number, to: number) =>
    node?.insert({
      table: 'weir.kafka_records_local',
      format: 'JSONEachRow',
      values: Array.from({ length: to - from }, (_, i) => ({
        topic: 'flow-messages',
        partition: 0,
        offset: from + i,
        format: 'goflow2-json',
        written_at: `2026-11-22 09:00:${10 + ((from + i) % 50)}.000`,
        staged_at: new Date().toISOString().slice(0, 23).replace('T', ' '),
        message: goflow2Line({ src_port: 1 + from + i, bytes: 1000 + from + i, packets: 2 }),
      })),
    });
  await stage(nodes[0], 0, 80);
  await stage(nodes[1], 20, 100);

  const [first] = engines;
  if (first === undefined) throw new Error('no node runs');
  // The accounts of the embedded server have no rights on the tables behind Distributed ones.
  const { owner } = first.target;
  const clickhouse = { ...first.target, cluster, ingest: owner, reader: owner };
  const targets = { clickhouse, databaseUrl: '' };
  const { summary } = await drainOnce(targets, { spool: join(folder, 'spool') });
  expect(summary).toMatchObject({ records: 160, accepted: 100, duplicates: 60 });
  // 1000 + 0 to 1000 + 99.
  for (const node of nodes) {
    expect(
      await rows(
        node,
        "SELECT toString(count()) AS n, toString(sum(bytes)) AS total FROM weir.flows WHERE source_format = 'goflow2-json'",
      ),
    ).toEqual([{ n: '100', total: String(100 * 1000 + (99 * 100) / 2) }]);
  }
  expect((await drainOnce(targets, { spool: join(folder, 'spool') })).summary.records).toBe(0);
});
