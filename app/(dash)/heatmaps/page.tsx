import type { Metadata } from 'next';
import { HeatmapsPage } from '@/components/heatmaps/HeatmapsPage';

export const metadata: Metadata = { title: 'Heatmaps' };

export default function HeatmapsRoute() {
  return <HeatmapsPage />;
}
