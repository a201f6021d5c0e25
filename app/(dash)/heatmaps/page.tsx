import type { Metadata } from 'next';
import { Suspense } from 'react';
import { HeatmapsPage } from '@/components/heatmaps/HeatmapsPage';

export const metadata: Metadata = { title: 'Heatmaps' };

export default function HeatmapsRoute() {
  return (
    <Suspense>
      <HeatmapsPage />
    </Suspense>
  );
}
