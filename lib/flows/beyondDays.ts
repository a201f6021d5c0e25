import { offsetsWithin } from './buckets';
import { chooseRollup } from './chooseRollup';
import { heavyTableFor } from './heavyParts';
import type { Ask, Plan, Refusal } from './plan';

/** A plan for sums, and whose calendar its buckets are of. */
export interface SumsPlan {
  plan: Plan;
  zone: string;
  /** why it is not the zone asked; null where it is */
  zoneNote: string | null;
}

/**
 * What answers sums, by address also where days are gone: then lists of the heaviest of closed months do, with all others together. Pictures
 * over time then have buckets of UTC months, whatever width was wanted.
 *
 * @param months false where single addresses are filtered by, or shorter parts of the calendar are wanted: the lists cannot answer that
 */
export function chooseSums(ask: Ask, months: boolean): SumsPlan | { refusal: Refusal } {
  const choice = chooseRollup(ask);
  if ('plan' in choice) return { plan: choice.plan, zone: ask.zone, zoneNote: null };
  const isGone = choice.refusal.code === 'not_retained';
  if (!isGone || !months || heavyTableFor({ ...ask, heaviest: true }) === null) return choice;
  const isUtc = offsetsWithin(ask.range, ask.zone).every((offset) => offset === 0);
  // Parts of the calendar are those of the scope's zone, which months of UTC do not meet.
  if (ask.grain !== undefined && !isUtc) return choice;
  const zone = ask.axis && !isUtc ? 'UTC' : ask.zone;
  const beyond = chooseRollup({ ...ask, zone, heaviest: true });
  if ('refusal' in beyond) return choice;
  const zoneNote =
    zone === ask.zone
      ? null
      : `The heaviest addresses of closed months are kept by UTC month: buckets are those of UTC, not of ${ask.zone}.`;
  return { plan: beyond.plan, zone, zoneNote };
}
