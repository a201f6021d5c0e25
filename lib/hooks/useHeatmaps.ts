'use client';

import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { type HeatmapState, type HeatmapValues, heatmapOf, heatmapParsers } from '@/lib/flows/heatmapState';

/** What the heatmaps page shows, in the URL. */
export function useHeatmaps(): { state: HeatmapState; setState: (change: Partial<HeatmapValues>) => void } {
  const [values, setValues] = useQueryStates(heatmapParsers, { history: 'push', scroll: false });
  const state = useMemo(() => heatmapOf(values), [values]);
  const setState = useCallback(
    (change: Partial<HeatmapValues>) => {
      void setValues(change);
    },
    [setValues],
  );
  return { state, setState };
}
