import { liveSource, readBatches, storePiece } from './batches';
import { planContext } from './context';
import { withRetry } from './generateDemo';
import { nextPieces, TICK } from './nextPieces';
import type { Piece } from './plan/pieces';
import { connectOwner, type DemoTarget } from './target';

export interface LiveFeedOptions {
  seed: number;
  /** A failed round is told here and tried again at the next tick. */
  onError?(error: Error): void;
  /** Told after each round that stored something. */
  onRecords?(records: number): void;
  guard?<T>(store: () => Promise<T>): Promise<T>;
  /** Milliseconds since 1970; for tests. */
  now?(): number;
}

export interface LiveFeed {
  /** Ends the feed after the batch under way. */
  stop(): Promise<void>;
}

/** Records reach the collector up to two seconds after they end. */
const EXPORT_DELAY_SECONDS = 2;

/**
 * Goes on with the demo while it runs: every ten seconds the records that ended since, from the same plan. What a moment's records are
 * follows from the seed alone, so a restart neither doubles nor loses any; a pause is filled first.
 * Does nothing (and says so through onError) while the database holds no demo of this seed.
 */
export function startLiveFeed(target: DemoTarget, options: LiveFeedOptions): LiveFeed {
  const stopping = new AbortController();
  const running = run(target, options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(target: DemoTarget, options: LiveFeedOptions, stop: AbortSignal): Promise<void> {
  const client = connectOwner(target);
  const now = options.now ?? Date.now;
  const guard = options.guard ?? (<T>(store: () => Promise<T>) => store());
  let state: Awaited<ReturnType<typeof load>> | null = null;
  async function load() {
    const { batches } = await readBatches(client, target, options.seed);
    const identity = batches[0]?.identity;
    if (!identity) {
      throw new Error(`The database holds no demo of seed ${options.seed}: run npm run demo to make one.`);
    }
    const live = batches.filter((b) => b.source === liveSource(options.seed));
    return { identity, live, context: await planContext(client, target, identity) };
  }
  try {
    while (!stop.aborted) {
      try {
        state ??= await load();
        const { identity, context } = state;
        const pieces: Piece[] = nextPieces(identity, state.live, now() / 1000 - EXPORT_DELAY_SECONDS, 'live');
        for (const piece of pieces) {
          if (stop.aborted) break;
          const stored = await guard(() =>
            withRetry(() => storePiece(client, target, context, liveSource(options.seed), identity, piece)),
          );
          state.live = [{ source: '', identity, piece, committed: true, records: stored.records }];
          options.onRecords?.(stored.records);
        }
      } catch (error) {
        // What of the round was stored stands in the ledger: ask it again.
        state = null;
        options.onError?.(error instanceof Error ? error : new Error(String(error)));
      }
      await pause(stop, msToNextTick(now()));
    }
  } finally {
    await client.close();
  }
}

function msToNextTick(nowMs: number): number {
  const step = TICK * 1000;
  const offset = EXPORT_DELAY_SECONDS * 1000;
  return step - ((nowMs - offset) % step) + 50;
}

function pause(stop: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    }
  });
}
