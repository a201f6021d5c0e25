import 'server-only';
import { pause } from './pause';

/**
 * Asks `check` again and again until it answers something other than undefined, and gives that back.
 * @param deadlineMs milliseconds from now after which `late()` is thrown
 * @param everyMs pause between two questions
 */
export async function waitUntil<T>(
  check: () => Promise<T | undefined> | T | undefined,
  deadlineMs: number,
  late: () => Error,
  everyMs = 25,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await check();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw late();
    await pause(everyMs);
  }
}
