import { ChartNoAxesColumn, Earth, Grid3x3, ShieldCheck, Tags, Telescope } from 'lucide-react';
import type { ReactNode } from 'react';

export interface PageEntry {
  readonly href: string;
  readonly label: string;
  readonly icon: ReactNode;
  /** goes there after `g` */
  readonly key: string;
  /** stands in the rail; the others are found by name and key */
  readonly inRail: boolean;
}

/** Every page of the dashboard: the rail, the palette and the shortcuts are drawn from this list. */
export const PAGES: readonly PageEntry[] = [
  { href: '/', label: 'Overview', icon: <ChartNoAxesColumn />, key: 'o', inRail: true },
  { href: '/explore', label: 'Explore', icon: <Telescope />, key: 'e', inRail: true },
  { href: '/heatmaps', label: 'Heatmaps', icon: <Grid3x3 />, key: 'h', inRail: true },
  { href: '/map', label: 'Map', icon: <Earth />, key: 'm', inRail: true },
  { href: '/data', label: 'Data', icon: <ShieldCheck />, key: 'd', inRail: true },
  { href: '/data/classification', label: 'Classification', icon: <Tags />, key: 'c', inRail: false },
];
