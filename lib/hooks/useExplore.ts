'use client';

import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import {
  changedExplore,
  type ExploreState,
  exploreOf,
  exploreParsers,
  exploreValues,
} from '@/lib/flows/exploreState';

/** What the Explore page asks and how it draws it, in the URL: Back takes each change back. */
export function useExplore(): { state: ExploreState; setState: (change: Partial<ExploreState>) => void } {
  const [values, setValues] = useQueryStates(exploreParsers, { history: 'push', scroll: false });
  const state = useMemo(() => exploreOf(values), [values]);
  const setState = useCallback(
    (change: Partial<ExploreState>) => {
      // Upon what was set last, which may not have been drawn yet.
      void setValues((before) => exploreValues(changedExplore(exploreOf(before), change)));
    },
    [setValues],
  );
  return { state, setState };
}
