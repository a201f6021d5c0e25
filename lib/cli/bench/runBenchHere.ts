import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sizeName } from '@/clickhouse/bench/data/identity';
import { pidOfServer } from '@/clickhouse/bench/measure/cpuSeconds';
import { type BenchResult, runBench } from '@/clickhouse/bench/run';
import { dataPaths } from '@/lib/server/paths';
import { onStopRequest } from '../engines/stopRequest';
import { startSession } from '../engines/supervise';
import { createProgress } from '../progress';
import { ownFolder, prepare, stateOf } from './ownFolder';

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
  const { cache } = dataPaths();
  const folder = await ownFolder(`bench-${sizeName(options.flows)}`);
  process.env.DATABASE_URL = 'postgresql://unused.example/weir';
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
