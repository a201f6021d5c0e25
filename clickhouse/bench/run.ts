import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeReader } from '@/lib/server/clickhouse/client';
import { type ClickHouseTarget, targetsToEnv } from '@/lib/server/env';
import { connect } from '@/lib/server/ingest/connect';
import { forgetFacts } from '@/lib/server/queries/facts';
import { closeMonths } from '@/lib/server/rollups/closeMonths';
import { type DataState, sizeName } from './data/identity';
import { loadWorld, makeFlows } from './data/makeFlows';
import { QUARTER } from './data/quarter';
import { settle } from './data/settle';
import { type IngestFigures, measureIngest } from './ingest/measureIngest';
import { measureProductPath } from './ingest/productPath';
import { removeIngested } from './ingest/removeIngested';
import { takeBlocks } from './ingest/takeRecords';
import { describeMachine, loadNow, type Machine } from './measure/machine';
import { measureStorage, type StoredTable } from './measure/storage';
import type { Timing } from './measure/timing';
import { type UniquesCell, uniquesError } from './measure/uniquesError';
import { measurePanels, measureSelect1, type PanelFigures } from './panels/measurePanels';
import type { Question } from './panels/questions';
import { type Comparison, comparePeers } from './peers/comparePeers';
import { fillPeers } from './peers/fillPeers';

/** Everything that a run has measured. */
export interface BenchResult {
  flows: number;
  machine: Machine;
  /** making the data; perSecond null where they were there */
  data: { seconds: number; perSecond: number | null };
  select1: Timing;
  panels: PanelFigures[];
  /** null where the peers were left out */
  peers: { comparisons: Comparison[]; fillPerSecond: number | null } | null;
  uniques: UniquesCell[];
  storage: StoredTable[];
  ingest: IngestFigures[];
  /** why the run is not worth what it says; empty = all is well */
  failures: string[];
}

export interface BenchOptions {
  target: ClickHouseTarget;
  /** folder of this size's data; holds bench.json */
  folder: string;
  state: DataState;
  enginePid: number | null;
  rounds: number;
  peers: boolean;
  /** records taken for each measurement of ingest, and of the product's whole path */
  ingestRecords: number;
  pathRecords: number;
  questions?: readonly Question[];
  onStep(text: string): void;
  signal?: AbortSignal;
}

/**
 * Makes what is missing of the data, then measures one thing after the other.
 * @throws where something does not work; a missed bar and a void comparison are results
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const { target, folder, state, onStep, signal } = options;
  Object.assign(
    process.env,
    targetsToEnv({ clickhouse: target, databaseUrl: 'postgresql://unused.example/weir' }),
  );
  await closeReader();
  forgetFacts();
  const owner = connect(target, 'owner');
  try {
    const machine = await describeMachine(owner);
    await removeIngested(owner);
    const world = await loadWorld(owner, target);
    const made = await makeFlows(
      owner,
      folder,
      state,
      world,
      progressOf(onStep, 'making flows', state.flows),
      signal,
    );
    // As the maintenance of a running server does when the watermark has passed the end of a month.
    await closeMonths(target, QUARTER.to, { onStep, signal });
    let fillPerSecond: number | null = null;
    if (options.peers) {
      fillPerSecond = await fillPeers(
        owner,
        state.flows,
        progressOf(onStep, 'filling the peers', state.flows),
        signal,
      );
    }
    await settle(owner, onStep, signal);
    forgetFacts();

    const timing = { rounds: options.rounds, signal };
    onStep('SELECT 1');
    const select1 = await measureSelect1(timing);
    const panels = await measurePanels(timing, onStep, options.questions);
    const comparisons = options.peers ? await comparePeers(timing, onStep) : null;
    onStep('error of distinct counts');
    const uniques = await uniquesError(owner);
    const storage = await measureStorage(owner, state.flows);
    signal?.throwIfAborted();
    const ingest = await ingestFigures(options, owner, world);
    machine.loadAtEnd = loadNow();
    return {
      flows: state.flows,
      machine,
      data: { seconds: state.seconds, perSecond: made.made === 0 ? null : made.made / made.seconds },
      select1,
      panels,
      peers: comparisons === null ? null : { comparisons, fillPerSecond },
      uniques,
      storage,
      ingest,
      failures: failuresOf(comparisons ?? [], ingest),
    };
  } finally {
    await closeReader();
    await owner.close();
  }
}

/** What makes a run worthless: comparisons of unequal sums, and records that an insert lost or doubled. */
export function failuresOf(comparisons: readonly Comparison[], ingest: readonly IngestFigures[]): string[] {
  return [
    ...comparisons.flatMap((c) =>
      c.void === null ? [] : [`${c.question} against ${c.peer} is void: ${c.void}`],
    ),
    ...ingest.flatMap((i) => (i.wrong === null ? [] : [`ingest, ${i.path}: ${i.wrong}`])),
  ];
}

async function ingestFigures(
  { target, folder, enginePid, ingestRecords, pathRecords, onStep, signal }: BenchOptions,
  owner: ReturnType<typeof connect>,
  world: Awaited<ReturnType<typeof loadWorld>>,
): Promise<IngestFigures[]> {
  // Other records in each run and for each path: a repeated one would be taken for a duplicate.
  const seed = Math.floor(Date.now() / 1000);
  const work = join(folder, 'work');
  await mkdir(work, { recursive: true });
  try {
    onStep('taking records for ingest');
    const blocks = await takeBlocks(owner, world, ingestRecords, seed);
    const figures = await measureIngest(owner, target, blocks, enginePid, onStep, signal);
    for (const [index, format] of (['nfdump-json', 'weir-ndjson'] as const).entries()) {
      signal?.throwIfAborted();
      onStep(`ingest: a file of ${format}`);
      figures.push(
        await measureProductPath(owner, target, world, format, {
          folder: work,
          records: pathRecords,
          seed: seed + 1 + index,
          enginePid,
          signal,
        }),
      );
    }
    return figures;
  } finally {
    await removeIngested(owner);
  }
}

function progressOf(onStep: (text: string) => void, what: string, flows: number) {
  return (stored: number, perSecond: number): void => {
    const left = perSecond > 0 ? Math.ceil((flows - stored) / perSecond / 60) : Number.NaN;
    onStep(
      `${what}: ${(stored / 1e6).toFixed(2)} of ${sizeName(flows)}, ${(perSecond / 1000).toFixed(0)} k/s, about ${left} min left`,
    );
  };
}

/** Writes all figures, for programs. */
export async function writeJson(file: string, result: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
}
