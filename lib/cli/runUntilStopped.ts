import { onStopRequest } from './engines/stopRequest';
import type { Progress } from './progress';

/** Something that runs until it is told to stop. */
export interface Running {
  web: { exited: Promise<number | null> };
  stop(): Promise<void>;
}

/**
 * Starts something, then waits for Ctrl-C, SIGTERM or the end of the web server, and stops it cleanly.
 * A second Ctrl-C ends at once.
 * @returns the exit code: 0 after a signal, 1 when the web server ended by itself
 */
export async function runUntilStopped(
  progress: Progress,
  start: (signal: AbortSignal) => Promise<Running>,
): Promise<number> {
  const abort = new AbortController();
  let signalled = () => {};
  const asked = new Promise<'signal'>((resolve) => {
    signalled = () => resolve('signal');
  });
  onStopRequest(() => {
    abort.abort();
    signalled();
  });
  let running: Running;
  try {
    running = await start(abort.signal);
  } catch (error) {
    progress.end();
    if (abort.signal.aborted) return 0;
    throw error;
  }
  const why = abort.signal.aborted
    ? 'signal'
    : await Promise.race([asked, running.web.exited.then(() => 'ended' as const)]);
  progress.line(
    why === 'signal'
      ? '\nStopping.'
      : '\nThe web server ended by itself; stopping the rest. Its log file says why.',
  );
  await running.stop();
  progress.end();
  return why === 'signal' ? 0 : 1;
}
