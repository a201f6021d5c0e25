'use client';

import dynamic from 'next/dynamic';

/** `EChart`, fetched when it is first needed. Until it is there a skeleton of the same size stands in its box. */
export const LazyEChart = dynamic(() => import('./EChart').then(({ EChart }) => EChart), {
  ssr: false,
  loading: () => <div aria-hidden="true" className="skeleton h-full w-full" />,
});
