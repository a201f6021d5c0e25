'use client';

import { useQuery } from '@tanstack/react-query';
import { addressOf } from '@/lib/flows/contracts/address';
import type { FilterValues } from '@/lib/flows/contracts/filterValues';
import type { Dimension } from '@/lib/flows/dimensions';
import { withoutDimension } from '@/lib/flows/filter/edit';
import type { Scope } from '@/lib/flows/scope';
import { questions } from './questions';
import { ask, type QuestionError } from './useQuestion';

/** What was typed is as good for so long; the traffic behind it changes slowly. */
const FRESH_MS = 60_000;

/**
 * Values of a dimension that were seen in the scope, as far as it is about other dimensions, and that match what was typed.
 * @param dimension null = nothing is asked
 * @returns null while nothing is known, or where it cannot be: then nothing is suggested and anything can be typed
 */
export function useFilterValues(
  scope: Scope,
  dimension: Dimension | null,
  typed: string,
): FilterValues['values'] | null {
  const others =
    dimension === null ? scope : { ...scope, filters: withoutDimension(scope.filters, dimension) };
  const address = addressOf(questions.filterValues, others, {
    of: dimension ?? undefined,
    typed: typed.slice(0, 128),
  });
  const query = useQuery<FilterValues, QuestionError>({
    queryKey: ['filter-values', dimension, address],
    queryFn: async ({ signal }) => (await ask<FilterValues>(address, signal)).rows,
    enabled: dimension !== null,
    // Values of another dimension are no stand-in.
    placeholderData: (before, previous) => (previous?.queryKey[1] === dimension ? before : undefined),
    staleTime: FRESH_MS,
    retry: false,
  });
  return dimension === null ? null : (query.data?.values ?? null);
}
