'use client';

import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react';

const Traffic = lazy(() =>
  import('@/components/charts/TrafficTable').then(({ TrafficTable }) => ({ default: TrafficTable })),
);
const Heatmap = lazy(() =>
  import('@/components/charts/HeatmapTable').then(({ HeatmapTable }) => ({ default: HeatmapTable })),
);

/** The table behind the traffic picture, fetched when it is first asked for: few do on the first dashboard. */
export function LazyTrafficTable(props: ComponentProps<typeof Traffic>): ReactNode {
  return (
    <Suspense fallback={LOADING}>
      <Traffic {...props} />
    </Suspense>
  );
}

/** The table behind the heatmap, fetched likewise. */
export function LazyHeatmapTable(props: ComponentProps<typeof Heatmap>): ReactNode {
  return (
    <Suspense fallback={LOADING}>
      <Heatmap {...props} />
    </Suspense>
  );
}

const LOADING = <div aria-hidden="true" className="skeleton h-40 w-full" />;
