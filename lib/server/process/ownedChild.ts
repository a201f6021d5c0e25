import 'server-only';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended, and never rejects: a process that could not start counts as ended. */
export function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}

/**
 * Ends a child: `ask` is how it is asked, SIGKILL follows where it does not go within `graceMs`.
 * @returns true when it went by itself and said with exit code 0 that all went well
 */
export async function endChild(
  child: ChildProcess,
  exited: Promise<Exit>,
  ask: () => void,
  graceMs: number,
): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode === 0;
  ask();
  const timer = new AbortController();
  const late = delay(graceMs, 'late' as const, { signal: timer.signal, ref: true }).catch(
    () => 'late' as const,
  );
  const result = await Promise.race([exited, late]);
  timer.abort();
  if (result !== 'late') return result.code === 0;
  child.kill('SIGKILL');
  await exited;
  return false;
}
