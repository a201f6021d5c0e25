import type { NetworkType } from '@/lib/flows/networkTypes';

export const REGIONS = ['US-West', 'US-East', 'CA-East', 'EU-Central'] as const;
export type Region = (typeof REGIONS)[number];

/** Zone whose clock the region's users live by, and the place that decides which remote addresses are near. */
export const REGION_PLACE: Record<Region, { zone: string; latitude: number; longitude: number }> = {
  'US-West': { zone: 'America/Los_Angeles', latitude: 37.4, longitude: -121.9 },
  'US-East': { zone: 'America/New_York', latitude: 39.0, longitude: -77.5 },
  'CA-East': { zone: 'America/Toronto', latitude: 43.7, longitude: -79.4 },
  'EU-Central': { zone: 'Europe/Berlin', latitude: 50.1, longitude: 8.7 },
};

/**
 * Share of each type's traffic by region, in the order of REGIONS. US-West x ISP Regional has the most bytes, US-East x Neocloud
 * the most bytes an address (few addresses, half of the type's traffic), as published.
 */
export const REGION_SHARE: Record<NetworkType, readonly [number, number, number, number]> = {
  'ISP Regional': [0.42, 0.26, 0.08, 0.24],
  'ISP Tier1': [0.36, 0.32, 0.08, 0.24],
  CDN: [0.38, 0.32, 0.07, 0.23],
  Hosting: [0.33, 0.3, 0.08, 0.29],
  Hyperscaler: [0.33, 0.4, 0.07, 0.2],
  Neocloud: [0.27, 0.5, 0.05, 0.18],
  Migration: [0.34, 0.33, 0.1, 0.23],
  Unclassified: [0.38, 0.3, 0.08, 0.24],
};
