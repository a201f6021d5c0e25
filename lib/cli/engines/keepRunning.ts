import type { Exit } from '@/lib/server/process/ownedChild';
import { pause } from '@/lib/server/process/pause';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** An engine that ran this long had started well; its next crash begins with the first pause again. */
const STABLE_MS = 60_000;

interface Engine {
  pid: number;
  exited: Promise<Exit>;
  stop(): Promise<boolean>;
}

export interface Kept {
  /** Ends the engine and stops restarting it. @returns false when it was down, had to be killed, or did not end well */
  stop(): Promise<boolean>;
}

/** Starts an engine again whenever it ends, with growing pauses, until stop() is called. */
export function keepRunning<E extends Engine>(options: {
  name: string;
  first: E;
  /** Same data, same ports as before. */
  again: (signal: AbortSignal) => Promise<E>;
  log: (line: string) => void;
  /** Called as soon as the engine is found dead. */
  onCrash: () => Promise<void>;
  /** Called when it answers again. */
  onRestart: () => void;
}): Kept {
  const { name, log } = options;
  const stopping = new AbortController();
  let current: E | null = options.first;

  const run = async () => {
    let wait = FIRST_PAUSE_MS;
    let startedAt = performance.now();
    while (!stopping.signal.aborted) {
      if (current) {
        const { code, signal } = await current.exited;
        if (stopping.signal.aborted) return;
        current = null;
        if (performance.now() - startedAt > STABLE_MS) wait = FIRST_PAUSE_MS;
        log(`${name} ended by itself (${signal ?? `exit ${code}`}). Starting it again in ${wait / 1000} s …`);
        await options.onCrash();
      }
      await pause(wait, stopping.signal);
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      try {
        startedAt = performance.now();
        current = await options.again(stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        log(`${error instanceof Error ? error.message : String(error)}\nTrying again in ${wait / 1000} s …`);
        continue;
      }
      log(`${name} runs again (process ${current.pid}).`);
      options.onRestart();
    }
  };
  const done = run().catch((error: unknown) => {
    if (!stopping.signal.aborted) log(`${name} is no longer watched: ${String(error)}`);
  });

  return {
    stop: async () => {
      stopping.abort();
      const clean = current ? await current.stop() : false;
      await done;
      return clean;
    },
  };
}
