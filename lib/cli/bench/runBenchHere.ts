import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataState, newState, readState, sizeName, writeState } from '@/clickhouse/bench/data/identity';
import { pidOfServer } from '@/clickhouse/bench/measure/cpuSeconds';
import { type BenchResult, runBench } from '@/clickhouse/bench/run';
import { NETWORK_FILE } from '@/clickhouse/demo/network/demoNetwork';
import { applyRetention, migrateClickHouse, parseRetention } from '@/clickhouse/migrate';
import type { ClickHouseTarget } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { ensureReference } from '@/lib/server/reference/ensureReference';
import { finishGeo } from '@/lib/server/reference/finishGeo';
import { FolderLockedError, joinHolder } from '../engines/folderLock';
import { onStopRequest } from '../engines/stopRequest';
import { startSession } from '../engines/supervise';
import { createProgress, type Progress } from '../progress';

export interface BenchHere {
  flows: number;
  rounds: number;
  peers: boolean;
  /** records for each measurement of ingest */
  ingestRecords: number;
  /** make the data anew */
  fresh: boolean;
}

/** Most records of the files that are imported as a whole. */
const PATH_RECORDS = 300_000;

/**
 * Runs the benchmark in a folder and an engine of its own below the data folder, which are stopped whatever happens. Tables of addresses
 * are made once, in the cache of the data folder.
 * @returns null when it was asked to stop; the next run goes on with the data
 */
export async function runBenchHere(options: BenchHere): Promise<BenchResult | null> {
  const { cache, root } = dataPaths();
  const folder = join(root, `bench-${sizeName(options.flows)}`);
  // This engine and no other: neither the running dashboard's nor the one that the environment names.
  process.env.WEIR_DATA = folder;
  process.env.DATABASE_URL = 'postgresql://unused.example/weir';
  delete process.env.CLICKHOUSE_URL;
  delete process.env.CLICKHOUSE_CLUSTER;

  const holder = await joinHolder(dataPaths().lockFile);
  if (holder) {
    holder.leave();
    throw new FolderLockedError(folder, holder.holder);
  }
  const progress = createProgress(process.stderr);
  progress.line(`The benchmark's data stand in ${folder}; delete it when you are done.`);
  const state = await stateOf(folder, options, progress);
  await mkdir(cache, { recursive: true });
  const session = await startSession(
    { command: 'npm run bench', log: (line) => progress.line(`    ${line}`) },
    ['clickhouse'],
  );
  const stopping = new AbortController();
  const forget = onStopRequest(() => {
    progress.line('\nStopping after what is under way; the next run goes on here.');
    stopping.abort();
  });
  const { signal } = stopping;
  try {
    const { clickhouse: target } = session;
    if (!target) throw new Error('ClickHouse was started without an address.');
    await prepare(target, cache, progress, signal);
    return await progress.step('Measured', async (report) =>
      runBench({
        target,
        folder,
        state,
        enginePid: await pidOfServer(join(folder, 'clickhouse')),
        rounds: options.rounds,
        peers: options.peers,
        ingestRecords: options.ingestRecords,
        pathRecords: Math.min(PATH_RECORDS, options.ingestRecords),
        onStep: report,
        signal,
      }),
    );
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    await session.stop();
    forget();
    progress.end();
  }
}

/** Data of other tables or another generator would be measured as if they were whole: they are made anew. */
async function stateOf(folder: string, { flows, fresh }: BenchHere, progress: Progress): Promise<DataState> {
  const wanted = await newState(flows);
  const found = await readState(folder);
  if (!fresh && found?.schema === wanted.schema && found.flows === flows) {
    progress.line(
      found.done.length === found.blocks
        ? 'They are complete.'
        : `Going on: ${found.done.length} of ${found.blocks} blocks are there.`,
    );
    return found;
  }
  if (existsSync(join(folder, 'clickhouse'))) {
    progress.line(fresh ? 'Making them anew.' : 'They were made for other tables: making them anew.');
    await rm(join(folder, 'clickhouse'), { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  await writeState(folder, wanted);
  return wanted;
}

async function prepare(
  target: ClickHouseTarget,
  cache: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await progress.step('Tables', async () => {
    await migrateClickHouse(target);
    await applyRetention(target, parseRetention('all=keep'));
  });
  await progress.step('Reference data', async (report) => {
    await ensureReference(target, { networkFile: NETWORK_FILE, cache }, { onProgress: report });
    await finishGeo(target, { cache }, { onProgress: report, signal });
  });
}
