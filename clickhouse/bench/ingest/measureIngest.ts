import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { connect } from '@/lib/server/ingest/connect';
import { LANDING_COLUMNS } from '@/lib/server/ingest/encodeRow';
import { exactlyOnce } from '@/lib/server/ingest/insertRows';
import { select } from '../../demo/target';
import { cpuSecondsOf } from '../measure/cpuSeconds';
import { createPeers, dropPeers, peerTables } from '../peers/schema';
import type { TakenBlock } from './takeRecords';

export interface IngestFigures {
  /** what was stored where */
  path: string;
  records: number;
  seconds: number;
  perSecond: number;
  /** seconds of processor time per million records; null where the system does not tell */
  engineCpu: number | null;
  clientCpu: number;
  /** rows are there that should not be, or are missing; null = all is as it must be */
  wrong: string | null;
}

/** Inserts under way at once, as the product has. */
const CONNECTIONS = 2;

interface Path {
  path: string;
  /** takes LANDING_COLUMNS */
  landing: string;
  /** table that must have the records afterwards, and the sum over its rows that must be their number */
  stored: readonly (readonly [table: string, records: string])[];
  settings: (token: string) => ClickHouseSettings;
}

const PRODUCT: Path = {
  path: 'flows and every rollup',
  landing: 'flows_landing',
  stored: [
    ['flows', 'count()'],
    ['traffic_5m', 'sum(flow_records)'],
    ['uniques_1mo', 'sum(flow_records)'],
  ],
  settings: exactlyOnce,
};

/** As a tool without rollup-wide deduplication inserts: the same block, ClickHouse's defaults for the rest. */
function plainly(token: string): ClickHouseSettings {
  const {
    insert_deduplication_token,
    deduplicate_blocks_in_dependent_materialized_views,
    optimize_on_insert,
    ...rest
  } = exactlyOnce(token);
  return { ...rest, insert_deduplicate: 0 };
}

/**
 * Records a second through HTTP, as the product inserts them: into everything it keeps, and the same blocks into a bare copy, into
 * enriched flows alone, and into the wide peer. Tables other than the product's are made and dropped here; what goes into the product's
 * is left to the caller to remove.
 */
export async function measureIngest(
  owner: ClickHouseClient,
  target: ClickHouseTarget,
  blocks: readonly TakenBlock[],
  enginePid: number | null,
  onStep: (text: string) => void,
  signal?: AbortSignal,
): Promise<IngestFigures[]> {
  const paths = [PRODUCT, ...(await makeOthers(owner))];
  const client = connect(target, 'owner');
  try {
    // A first block loads dictionaries and code, and is not counted.
    const figures: IngestFigures[] = [];
    for (const path of paths) {
      signal?.throwIfAborted();
      onStep(`ingest: ${path.path}`);
      figures.push(await measurePath(client, path, blocks, enginePid));
    }
    return figures;
  } finally {
    await client.close();
    await dropOthers(owner);
  }
}

async function measurePath(
  client: ClickHouseClient,
  path: Path,
  blocks: readonly TakenBlock[],
  enginePid: number | null,
): Promise<IngestFigures> {
  const records = blocks.reduce((sum, block) => sum + block.records, 0);
  const before = await storedOf(client, path);
  const engineBefore = enginePid === null ? null : await cpuSecondsOf(enginePid);
  const clientBefore = process.cpuUsage();
  const began = performance.now();
  const waiting = [...blocks];
  const send = async () => {
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift())
      await insert(client, path, block);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(clientBefore);
  const engineAfter = enginePid === null ? null : await cpuSecondsOf(enginePid);
  const after = await storedOf(client, path);
  const wrong = path.stored.flatMap(([table], index) => {
    const more = (after[index] ?? 0) - (before[index] ?? 0);
    return more === records ? [] : [`${table} has ${more} of ${records} records`];
  });
  return {
    path: path.path,
    records,
    seconds,
    perSecond: records / seconds,
    engineCpu:
      engineBefore === null || engineAfter === null ? null : ((engineAfter - engineBefore) / records) * 1e6,
    clientCpu: (used.user + used.system) / records,
    wrong: wrong.length === 0 ? null : wrong.join('; '),
  };
}

async function insert(client: ClickHouseClient, path: Path, block: TakenBlock): Promise<void> {
  const answer = await client.exec({
    query: `INSERT INTO ${path.landing} (${LANDING_COLUMNS.join(', ')}) FORMAT RowBinary`,
    values: Readable.from([block.payload], { objectMode: false }),
    clickhouse_settings: path.settings(randomUUID()),
  });
  for await (const _ of answer.stream) {
    // Read to its end, for the connection to be free again.
  }
}

async function storedOf(client: ClickHouseClient, { stored }: Path): Promise<number[]> {
  const counts: number[] = [];
  for (const [table, records] of stored) {
    const [row] = await select<{ records: string }>(
      client,
      `SELECT toString(${records}) AS records FROM ${table}`,
    );
    counts.push(Number(row?.records ?? 0));
  }
  return counts;
}

const BARE = 'ingest_bare';
const ALONE = { landing: 'ingest_alone_landing', view: 'ingest_alone_mv', flows: 'ingest_alone_flows' };
const WIDE = { landing: 'ingest_wide_landing', view: 'ingest_wide_mv' };

async function makeOthers(owner: ClickHouseClient): Promise<Path[]> {
  await dropOthers(owner);
  await createPeers(owner, 'peer_ingest');
  const peers = peerTables('peer_ingest');
  const [view] = await select<{ text: string; db: string }>(
    owner,
    "SELECT as_select AS text, database AS db FROM system.tables WHERE database = currentDatabase() AND name = 'flows_mv'",
  );
  if (!view) throw new Error('There is no view flows_mv: run the migrations.');
  const enrich = (from: string) => view.text.replaceAll(`${view.db}.flows_landing`, `${view.db}.${from}`);
  const makeView = (name: string, to: string, from: string) =>
    `CREATE MATERIALIZED VIEW ${name} TO ${to} DEFINER = CURRENT_USER SQL SECURITY DEFINER AS ${enrich(from)}`;
  for (const query of [
    `CREATE TABLE ${BARE} AS flows_landing ENGINE = MergeTree PARTITION BY toYYYYMMDD(ts_start) ORDER BY ts_start`,
    `CREATE TABLE ${ALONE.landing} AS flows_landing ENGINE = Null`,
    `CREATE TABLE ${ALONE.flows} AS flows`,
    makeView(ALONE.view, ALONE.flows, ALONE.landing),
    `CREATE TABLE ${WIDE.landing} AS flows_landing ENGINE = Null`,
    makeView(WIDE.view, peers.enriched, WIDE.landing),
  ]) {
    await owner.command({ query });
  }
  return [
    { path: 'bare copy', landing: BARE, stored: [[BARE, 'count()']], settings: plainly },
    {
      path: 'flows alone, enriched',
      landing: ALONE.landing,
      stored: [[ALONE.flows, 'count()']],
      settings: exactlyOnce,
    },
    {
      path: 'wide peer: enriched raw, 5 min and 1 h',
      landing: WIDE.landing,
      stored: [
        [peers.raw, 'count()'],
        [peers.wide5m, 'sum(flows)'],
        [peers.wide1h, 'sum(flows)'],
      ],
      settings: plainly,
    },
  ];
}

async function dropOthers(owner: ClickHouseClient): Promise<void> {
  await dropPeers(owner, 'peer_ingest');
  for (const table of [ALONE.view, WIDE.view, BARE, ALONE.landing, ALONE.flows, WIDE.landing]) {
    await owner.command({ query: `DROP TABLE IF EXISTS ${table} SYNC` });
  }
}
