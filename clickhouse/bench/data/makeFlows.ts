import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { LANDING_COLUMNS } from '@/lib/server/ingest/encodeRow';
import { exactlyOnce } from '@/lib/server/ingest/insertRows';
import { type DemoNetwork, readDemoNetwork } from '../../demo/network/demoNetwork';
import { remotePools } from '../../demo/network/remotePools';
import { buildSources, type Sources } from '../../demo/network/sources';
import { type DemoTarget, select } from '../../demo/target';
import { type DataState, recordsOf, writeState } from './identity';
import { blockStart, QUARTER } from './quarter';
import { benchRecordsSql, type RecordsWanted } from './recordsSql';

const SEED = 7;
/** Blocks made at the same time, as an import sends two. */
const WORKERS = 2;

/** Who is at the other end, from the loaded reference tables. */
export interface World {
  network: DemoNetwork;
  sources: Sources;
  /** of the records; real ones by default */
  sizes?: RecordsWanted['sizes'];
}

export async function loadWorld(client: ClickHouseClient, target: DemoTarget): Promise<World> {
  const network = await readDemoNetwork();
  return { network, sources: buildSources(network, await remotePools(client, target, SEED)) };
}

export interface Made {
  /** records that this run made */
  made: number;
  /** of which seconds */
  seconds: number;
}

/**
 * Makes the flows of the quarter that are not there yet, block by block and each exactly once, so that a run may be ended at any moment.
 * @param onProgress told records stored so far and records a second of this run
 * @throws when ClickHouse refuses, or when `flows` or a rollup does not hold what was made
 */
export async function makeFlows(
  client: ClickHouseClient,
  folder: string,
  state: DataState,
  world: World,
  onProgress: (stored: number, perSecond: number) => void,
  signal?: AbortSignal,
): Promise<Made> {
  const began = performance.now();
  const secondsBefore = state.seconds;
  const done = new Set(state.done);
  const waiting = Array.from({ length: state.blocks }, (_, block) => block).filter(
    (block) => !done.has(block),
  );
  let stored = state.done.reduce((sum, block) => sum + recordsOf(state, block), 0);
  const before = stored;
  const failures: unknown[] = [];
  let writing = Promise.resolve();
  const work = async () => {
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
      if (signal?.aborted) return;
      try {
        await storeBlock(client, state, block, world);
        stored += recordsOf(state, block);
        state.done.push(block);
        const seconds = (performance.now() - began) / 1000;
        state.seconds = secondsBefore + seconds;
        writing = writing.then(() => writeState(folder, state));
        await writing;
        onProgress(stored, (stored - before) / seconds);
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  if (failures.length > 0) throw failures[0];
  signal?.throwIfAborted();
  await checkComplete(client, state);
  return { made: stored - before, seconds: (performance.now() - began) / 1000 };
}

async function storeBlock(
  client: ClickHouseClient,
  state: DataState,
  block: number,
  world: World,
): Promise<void> {
  const token = createHash('sha256').update(`bench ${SEED} ${state.flows} ${block}`).digest('hex');
  const query = benchRecordsSql(
    {
      seed: SEED,
      batchKey: BigInt(`0x${token.slice(0, 16)}`),
      records: recordsOf(state, block),
      fromMs: blockStart(block, state.blocks),
      toMs: blockStart(block + 1, state.blocks),
      latestMs: QUARTER.to * 1000,
      sizes: world.sizes ?? 'real',
    },
    world.sources,
    world.network,
  );
  await client.command({
    query: `INSERT INTO flows_landing (${LANDING_COLUMNS.join(', ')}) ${query}`,
    clickhouse_settings: {
      ...exactlyOnce(token),
      // One thread makes one block, the same each time, and it is the token that is compared.
      deduplicate_insert_select: 'enable_even_for_bad_queries',
      max_threads: 1,
      max_insert_threads: '1',
    },
  });
}

/** A block that was begun when a run was killed is sent again with its token; what that missed would make every figure wrong. */
async function checkComplete(client: ClickHouseClient, state: DataState): Promise<void> {
  const [raw] = await select<{ records: string; bytes: string }>(
    client,
    'SELECT toString(count()) AS records, toString(sum(bytes)) AS bytes FROM flows WHERE counted = 1 AND ts_start < {to:DateTime}',
    { to: QUARTER.to },
  );
  for (const table of ['traffic_5m', 'traffic_1h', 'uniques_1mo']) {
    const [rollup] = await select<{ records: string; bytes: string }>(
      client,
      `SELECT toString(sum(flow_records)) AS records, toString(sum(bytes)) AS bytes FROM ${table} WHERE bucket < {to:DateTime}`,
      { to: QUARTER.to },
    );
    if (
      raw?.records !== String(state.flows) ||
      rollup?.records !== raw.records ||
      rollup.bytes !== raw.bytes
    ) {
      throw new Error(
        `The data are not whole (${raw?.records} of ${state.flows} flows, ${rollup?.records} in ${table}): make them anew with --fresh.`,
      );
    }
  }
}
