import type { Change } from '@/lib/flows/contracts/whatChanged';

export const MOST_CHANGES = 5;

/** Less than this is not worth a sentence: of the rate of everything, and of the group's own. */
const LEAST_WEIGHT = 0.02;
const LEAST_CHANGE = 0.05;

/** Of one dimension at most so many movers, so that five sentences tell of more than one thing. */
const MOST_OF_A_DIMENSION = 2;

/** Weightiest first; small ones are left out, and no dimension takes all the room. */
export function pickChanges(candidates: readonly Change[]): Change[] {
  const picked: Change[] = [];
  for (const change of [...candidates].sort((a, b) => b.weight - a.weight || order(a, b))) {
    if (picked.length === MOST_CHANGES) break;
    if (!matters(change)) continue;
    const alike = picked.filter(
      ({ kind, dimension }) => kind === change.kind && dimension === change.dimension,
    );
    if (alike.length < MOST_OF_A_DIMENSION) picked.push(change);
  }
  return picked;
}

function matters(change: Change): boolean {
  if (change.weight < LEAST_WEIGHT) return false;
  if (change.kind !== 'mover') return true;
  return Math.abs(change.now - change.before) >= LEAST_CHANGE * Math.max(change.before, change.now);
}

function order(a: Change, b: Change): number {
  const text = ({ kind, dimension, key }: Change) => `${kind} ${dimension} ${key}`;
  return text(a) < text(b) ? -1 : 1;
}
