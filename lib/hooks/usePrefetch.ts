'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { lastSlotEnd } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { useDashboardClock } from './usePageClock';
import { queryOf } from './useQuestion';

/** A pointer that only passes over a list asks nothing. */
const REST_MS = 120;

/**
 * Asks ahead what the page would ask about another scope, so that the answer is there when it is chosen. The scope that is pointed at
 * last wins: what was asked ahead for another and was not chosen is cancelled.
 */
export function usePrefetch(): (scope: Scope | null) => void {
  const client = useQueryClient();
  const clock = useDashboardClock();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ahead = useRef<readonly (readonly unknown[])[]>([]);

  const forget = useCallback(() => {
    clearTimeout(timer.current);
    // What was chosen meanwhile has a panel that waits for it, and goes on.
    for (const queryKey of ahead.current)
      void client.cancelQueries({ queryKey, exact: true, type: 'inactive' });
    ahead.current = [];
  }, [client]);
  useEffect(() => forget, [forget]);

  return useCallback(
    (scope) => {
      forget();
      if (scope === null) return;
      timer.current = setTimeout(() => {
        const at = lastSlotEnd(clock.now());
        const queries = [...clock.mounted].map(({ question, options }) =>
          queryOf(question, scope, options, at),
        );
        ahead.current = queries.map(({ queryKey }) => queryKey);
        for (const query of queries) void client.prefetchQuery(query);
      }, REST_MS);
    },
    [client, clock, forget],
  );
}
