import 'server-only';
import { clockChangesIn } from '@/lib/flows/clockChanges';
import type { Note } from '@/lib/flows/contracts/envelope';
import { type Plan, printed } from '@/lib/flows/plan';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import type { Facts } from './facts';

const DAY = 86_400;

/** Of more days with other hours than this, only the number is said. */
const MOST_NAMED = 2;

/**
 * What must be known of the range as such: days on which clocks are moved, where days or parts of them are told apart, and how far back
 * anything was received.
 */
export function timeNotes(plan: Pick<Plan, 'from' | 'to' | 'bucket'>, zone: string, facts: Facts): Note[] {
  return [
    ...beginNotes(plan, facts),
    ...(plan.bucket === null || plan.bucket.seconds > DAY ? [] : clockNotes(plan, zone)),
  ];
}

/** The days of 23 and 25 hours of a range, by name. */
export function clockNotes(range: Pick<Plan, 'from' | 'to'>, zone: string): Note[] {
  const changes = clockChangesIn(range, zone);
  if (changes.length === 0) return [];
  const text =
    changes.length > MOST_NAMED
      ? `Clocks in ${zone} are moved on ${changes.length} days of the range: those days are shorter or longer than 24 hours, and rates divide by the hours they have.`
      : changes
          .map(({ day, hours, from, to }) =>
            hours < 24
              ? `${day} has ${hours} hours in ${zone}: clocks go from ${from} to ${to}.`
              : `${day} has ${hours} hours in ${zone}: clocks go back from ${from} to ${to}, so that time is shown twice.`,
          )
          .join(' ');
  return [{ code: 'clock_change', text }];
}

/** Before the first record, nothing is known: that is no zero. */
function beginNotes({ from, to }: Pick<Plan, 'from' | 'to'>, { firstData }: Facts): Note[] {
  if (firstData === null || from + SLOT_SECONDS > firstData || to <= firstData) return [];
  return [
    {
      code: 'before_first_data',
      text: `Nothing had been received before ${printed(firstData)}: what came before is unknown, not zero.`,
    },
  ];
}
