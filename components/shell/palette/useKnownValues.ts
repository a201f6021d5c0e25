'use client';

import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { FilterValues } from '@/lib/flows/contracts/filterValues';
import { NO_FILTERS } from '@/lib/flows/filter/filter';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useDashboardClock } from '@/lib/hooks/usePageClock';
import { queryOf } from '@/lib/hooks/useQuestion';
import type { KnownValue } from './entries';

const DIMENSIONS = ['asn', 'metro', 'region', 'exporter', 'provider'] as const;

/** Typing goes on for this long before anybody is asked. */
const REST_MS = 150;
const SHORTEST = 2;

/**
 * What was seen in the range that holds the text in its name, the most traffic first; empty while it is asked for the first time.
 * `isAsking`: more may be found.
 */
export function useKnownValues(
  text: string,
  scope: Scope,
): { values: readonly KnownValue[]; isAsking: boolean } {
  const clock = useDashboardClock();
  const [typed, setTyped] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setTyped(text.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  // Found whatever the page shows now: a choice takes the place of what is filtered by.
  const everything: Scope = { ...scope, filters: NO_FILTERS, direction: 'both', compare: 'none' };
  const isResting = typed === text.trim();
  const found = useQueries({
    queries: DIMENSIONS.map((dimension) => ({
      ...queryOf(
        questions.filterValues,
        everything,
        { of: dimension, typed: dimension === 'asn' ? typed.replace(/^asn? ?(?=\d)/i, '') : typed },
        clock.at,
      ),
      enabled: typed.length >= SHORTEST,
      placeholderData: keepPreviousData,
      staleTime: 60_000,
    })),
    combine: together,
  });
  return { values: found.values, isAsking: found.isAsking || !isResting };
}

function together(answers: readonly { data: { rows: FilterValues } | undefined; isFetching: boolean }[]) {
  return {
    isAsking: answers.some(({ isFetching }) => isFetching),
    values: answers.flatMap(({ data }, i) => {
      const dimension = DIMENSIONS[i];
      if (dimension === undefined) return [];
      return (data?.rows.values ?? [])
        .filter(({ key }) => key !== '')
        .map(({ key, label }) => ({ dimension, value: key, label: labelOf(dimension, key, label) }));
    }),
  };
}

function labelOf(dimension: KnownValue['dimension'], key: string, label: string): string {
  const name = label === key ? '' : label;
  if (dimension === 'asn') return name === '' ? `AS${key}` : `AS${key} ${name}`;
  return name === '' ? key : dimension === 'exporter' ? `${name} (${key})` : name;
}
