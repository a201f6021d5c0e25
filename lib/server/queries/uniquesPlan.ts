import 'server-only';
import type { Note } from '@/lib/flows/contracts/envelope';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { chooseFor } from './asked';
import { isDear, TOO_MANY_RAW } from './explore/rawCost';
import type { Facts } from './facts';

/** The plan of an answer's distinct addresses; null where they cannot be counted, and the note says why. */
export interface UniquesPlan {
  plan: Plan | null;
  notes: Note[];
}

/**
 * How addresses are counted beside sums that are asked too. Filters by exporter, link, protocol or port leave nothing but raw flows to count
 * them: where those are gone, or too many, the sums stand alone.
 */
export async function uniquesPlanFor(
  context: QueryContext,
  scope: Scope,
  facts: Facts,
  dimensions: readonly Dimension[],
  range: TimeRange,
): Promise<UniquesPlan> {
  const missing = (why: string): UniquesPlan => ({
    plan: null,
    notes: [{ code: 'no_uniques', text: `No addresses: ${why}.` }],
  });
  const choice = chooseFor(scope, facts, { measure: 'magnitude', dimensions, range, axis: false });
  if ('refusal' in choice) return missing(choice.refusal.why);
  const { plan } = choice;
  if (await isDear(context, plan)) {
    return missing(TOO_MANY_RAW);
  }
  return {
    plan,
    notes: plan.widened === null ? [] : [{ code: 'uniques_widened', text: `Addresses: ${plan.widened}` }],
  };
}
