import 'server-only';
import { chooseSums, type SumsPlan } from '@/lib/flows/beyondDays';
import type { BucketName } from '@/lib/flows/buckets';
import { chooseRollup } from '@/lib/flows/chooseRollup';
import { ADDRESSES, type Dimension } from '@/lib/flows/dimensions';
import { countsAddresses, type Measure } from '@/lib/flows/measures';
import type { Ask, Choice, Plan, Refusal } from '@/lib/flows/plan';
import { LONGEST_SECONDS, type TimeRange } from '@/lib/flows/presets';
import { resolveRange, type Scope } from '@/lib/flows/scope';
import { AppError, badRequest } from '@/lib/server/errors';
import { filterDimensions } from './columns';
import type { Facts } from './facts';

const LONGEST_YEARS = LONGEST_SECONDS / (366 * 86_400);

/** The instants a scope asks for, checked. */
export function askedRange(scope: Scope, now: number): TimeRange {
  const range = resolveRange(scope, now);
  if (range.to - range.from > LONGEST_SECONDS) {
    throw badRequest(
      'from',
      `The range is longer than ${LONGEST_YEARS} years.`,
      `Choose a range of at most ${LONGEST_YEARS} years.`,
    );
  }
  return range;
}

export interface Wanted {
  measure: Measure;
  dimensions: readonly Dimension[];
  range: TimeRange;
  axis: boolean;
  /** the width of buckets a person wants */
  step?: BucketName;
  /** sums are parted by units of the zone's calendar this long, seconds */
  grain?: 3_600 | 86_400;
  cut?: number | null;
  /** only the heaviest keys are wanted, as for a list of the top 20 */
  heaviest?: boolean;
}

/** What can answer, or why nothing can. */
export function chooseFor(scope: Scope, facts: Facts, wanted: Wanted): Choice {
  return chooseRollup(askFor(scope, facts, wanted));
}

/** What is needed of the tables; the filters of the scope count as dimensions. */
export function askFor(scope: Scope, facts: Facts, wanted: Wanted): Ask {
  const filtered = filterDimensions(scope.filters).map((dimension) =>
    // Addresses of a network can be counted, though nothing can be by address: tables with prefixes are those with addresses.
    countsAddresses(wanted.measure) && dimension === 'remoteAddress' ? 'remotePrefix' : dimension,
  );
  return {
    ...wanted,
    dimensions: [...new Set([...wanted.dimensions, ...filtered])],
    zone: scope.zone,
    retention: facts.retention,
    lookback: facts.lookback,
    recordsPerSlot: facts.recordsPerSlot,
    closedMonths: facts.closedMonths,
  };
}

/** As chooseFor. @throws AppError not_answerable or not_retained */
export function planFor(scope: Scope, facts: Facts, wanted: Wanted): Plan {
  const choice = chooseFor(scope, facts, wanted);
  if ('refusal' in choice) throw refused(choice.refusal);
  return choice.plan;
}

/**
 * As planFor, for sums by heaviest groups: by address also of months whose days are gone.
 * @param months false where parts of the calendar shorter than a month are wanted
 * @throws AppError not_answerable or not_retained
 */
export function sumsPlanFor(scope: Scope, facts: Facts, wanted: Wanted, months = true): SumsPlan {
  const isFiltered = filterDimensions(scope.filters).some((dimension) => ADDRESSES.includes(dimension));
  const choice = chooseSums(askFor(scope, facts, wanted), months && !isFiltered);
  if ('refusal' in choice) throw refused(choice.refusal);
  return choice;
}

/** A refusal of the chooser as an error that a person may read. */
export function refused({ code, why, change, retainedFrom }: Refusal): AppError {
  const sentence = `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
  return new AppError(code, sentence, change, retainedFrom === undefined ? {} : { retainedFrom });
}
