import { pause } from '@/lib/server/process/pause';

/** A view is not there; it cannot be put on yet, because an insert that began before it was taken off still uses it. */
const AWAY = new Set(['UNKNOWN_TABLE', 'TABLE_ALREADY_EXISTS']);
const MOST_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Runs what needs a view, again and again while another migration has it off or an insert still uses the one that was taken off.
 * @throws what the server says, where that goes on for a minute, and at once where it says anything else
 */
export async function untilViewsAreBack<T>(run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const isAway = error instanceof Error && 'type' in error && AWAY.has(String(error.type));
      if (!isAway || performance.now() - started > MOST_MS) throw error;
      await pause(PAUSE_MS);
    }
  }
}
