import 'server-only';
import { AppError } from './errors';

/** Requests of one person that may run at once: three dashboards of eight panels, asking for the old and the new range. */
const MOST_AT_ONCE = 48;

const running = new Map<string, number>();

/**
 * Counts a person's request in; call what it returns when the request has ended.
 * @throws AppError too_expensive where too many of theirs still run
 */
export function enter(personId: string): () => void {
  const count = running.get(personId) ?? 0;
  if (count >= MOST_AT_ONCE) {
    throw new AppError(
      'too_expensive',
      `${count} of your requests are still running.`,
      'Close dashboards you do not look at, or choose shorter ranges; then try again.',
    );
  }
  running.set(personId, count + 1);
  let hasLeft = false;
  return () => {
    if (hasLeft) return;
    hasLeft = true;
    const left = (running.get(personId) ?? 1) - 1;
    if (left > 0) running.set(personId, left);
    else running.delete(personId);
  };
}
