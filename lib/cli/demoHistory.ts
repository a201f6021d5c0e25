import { type DemoSummary, generateDemo } from '@/clickhouse/demo/generateDemo';
import { startLiveFeed } from '@/clickhouse/demo/liveFeed';
import { demoRemake } from '@/clickhouse/demo/remakeDemoBatch';
import type { Targets } from '@/lib/server/env';
import { createIngestLock } from '@/lib/server/ingest/ingestLock';
import { fillRollups } from './fillRollups';
import { loadPlaces } from './loadPlaces';
import { startMaintenance } from './maintenance';
import type { Progress } from './progress';

/** Every demo has the same flows for the same end. */
const SEED = 1;

export interface DemoHistory {
  /** The newest days are stored: there is something to look at. */
  recentReady: Promise<void>;
  /** Every day is stored, as on a second start. */
  isWhole(): boolean;
  /** After the web server is up: the older days, then the live feed, then countries and metros. */
  goOn(): void;
  /** Ends what is under way after its batch; the next start goes on there. */
  stop(): Promise<void>;
}

/** About how many records the history has; WEIR_DEMO_RECORDS makes a smaller demo for a small machine. */
function wantedRecords(env: NodeJS.ProcessEnv): { records?: number } {
  const text = env.WEIR_DEMO_RECORDS;
  if (text === undefined || text === '') return {};
  const records = Number(text);
  if (!Number.isInteger(records) || records < 100_000) {
    throw new Error(
      `WEIR_DEMO_RECORDS is "${text}": give a number of flow records from 100000 on, or unset it for 10 million.`,
    );
  }
  return { records };
}

/** Begins to fill the demo's history; a later start finds it and only fills the time since. */
export function startDemoHistory(targets: Targets, progress: Progress): DemoHistory {
  const stopping = new AbortController();
  const { signal } = stopping;
  const lock = createIngestLock(targets.databaseUrl, targets.clickhouse.database);
  const guard = <T>(store: () => Promise<T>): Promise<T> => lock.shared(store);
  const size = wantedRecords(process.env);
  let recent = (): void => {};
  const recentReady = new Promise<void>((resolve) => {
    recent = resolve;
  });
  const history: Promise<DemoSummary> = progress.step(
    'Demo data',
    (report) =>
      generateDemo(targets.clickhouse, {
        seed: SEED,
        end: new Date(),
        ...size,
        onProgress: report,
        onRecentReady: recent,
        signal,
        guard,
      }),
    (made) => made.text,
  );
  let whole = false;
  let rest: Promise<void> = history.then(() => {
    whole = true;
  });
  // Told where it is awaited.
  rest.catch(() => undefined);

  const follow = async (): Promise<void> => {
    await history;
    if (signal.aborted) return;
    const feed = startLiveFeed(targets.clickhouse, {
      seed: SEED,
      guard,
      onError: (error) => progress.line(`  Live feed: ${error.message} It tries again.`),
    });
    await fillRollups(targets, progress, demoRemake(targets.clickhouse));
    await loadPlaces(targets, progress, signal);
    const stopMaintenance = signal.aborted ? null : startMaintenance(targets, progress);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await stopMaintenance?.();
    await feed.stop();
  };

  return {
    isWhole: () => whole,
    recentReady: Promise.race([recentReady, history.then(() => undefined)]),
    goOn() {
      rest = follow();
      rest.catch((error: unknown) => {
        if (!signal.aborted)
          progress.line(`  Demo data: ${error instanceof Error ? error.message : String(error)}`);
      });
    },
    async stop() {
      stopping.abort();
      await rest.catch(() => undefined);
      await lock.close();
    },
  };
}
