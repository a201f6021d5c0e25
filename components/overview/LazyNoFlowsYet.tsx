'use client';

import { lazy, Suspense } from 'react';

// Seen before the first import and never again: loaded where nothing is stored.
const Loaded = lazy(() => import('./NoFlowsYet').then(({ NoFlowsYet }) => ({ default: NoFlowsYet })));

/** In place of a page while nothing is stored. */
export function LazyNoFlowsYet() {
  return (
    <Suspense>
      <Loaded />
    </Suspense>
  );
}
