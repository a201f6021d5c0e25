import 'server-only';
import { printed } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { AppError } from '@/lib/server/errors';
import type { Facts } from './facts';

/**
 * The part of a range of which raw flows are kept.
 * @throws AppError not_retained with the first instant that is, where that is none of it
 */
export function keptPart(range: TimeRange, facts: Facts, what: string): TimeRange {
  const kept = facts.retention.flows ?? 0;
  if (range.to > kept) return { from: Math.max(range.from, kept), to: range.to };
  throw new AppError(
    'not_retained',
    `${what} is looked up in raw flows, which are kept from ${printed(kept)} on.`,
    'Choose a range that ends later.',
    { retainedFrom: kept },
  );
}
