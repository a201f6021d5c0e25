'use client';

import { useCallback } from 'react';
import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';
import { onlyGroup, withoutGroup } from '@/lib/flows/seriesFilter';
import { useScope } from '@/lib/hooks/useScope';
import type { FilterActions } from './GroupActions';

/** What can be done with a group of an answer as a filter of the scope. */
export function useGroupActions(model: SeriesModel | null): (line: ExploreLine) => FilterActions {
  const { scope, setScope } = useScope();
  const { filters } = scope;
  return useCallback(
    ({ keys }: ExploreLine): FilterActions => {
      const by = model?.by ?? [];
      if (keys === null || by.length === 0) return { only: null, exclude: null };
      return {
        only: () => setScope({ filters: onlyGroup(filters, by, keys) }),
        exclude: () => setScope({ filters: withoutGroup(filters, by, keys) }),
      };
    },
    [model, filters, setScope],
  );
}
