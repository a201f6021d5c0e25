'use client';

import { useEffect, useState } from 'react';
import type { MapView } from '@/lib/charts/map/projections';
import type { Geography } from './geography';

export interface LoadedGeography extends Geography {
  readonly view: MapView;
}

/** The shapes of a view once they are there; null until then. `failed` where they could not be fetched. */
export function useGeography(view: MapView): { geography: LoadedGeography | null; failed: boolean } {
  const [known, setKnown] = useState<Partial<Record<MapView, Geography>>>({});
  const [failed, setFailed] = useState(false);
  const missing = known[view] === undefined;
  useEffect(() => {
    if (!missing) return;
    let here = true;
    import('./geography')
      .then(({ loadGeography }) => loadGeography(view))
      .then((loaded) => {
        if (!here) return;
        setFailed(false);
        setKnown((before) => ({ ...before, [view]: loaded }));
      })
      .catch(() => here && setFailed(true));
    return () => {
      here = false;
    };
  }, [view, missing]);
  const found = known[view];
  return { geography: found ? { ...found, view } : null, failed };
}
