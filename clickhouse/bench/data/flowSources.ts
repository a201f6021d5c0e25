import type { NetworkType } from '@/lib/flows/networkTypes';
import type { Source, Sources } from '../../demo/network/sources';
import type { Region } from '../../demo/plan/regions';

/** Parts of the records, not of the bytes. */
const TYPE_WEIGHT: Record<NetworkType, number> = {
  'ISP Regional': 40,
  CDN: 15,
  Hosting: 10,
  Hyperscaler: 10,
  'ISP Tier1': 8,
  Neocloud: 5,
  Migration: 2,
  Unclassified: 10,
};
const REGION_WEIGHT: Record<Region, number> = {
  'US-West': 36,
  'US-East': 30,
  'CA-East': 10,
  'EU-Central': 24,
};
const DIRECTION_WEIGHT = { egress: 55, ingress: 45 } as const;

/** A draw of one of these many says which source a record has: finer than any weight. */
export const DRAWS = 16_384;

/**
 * Source ids, each as often as its weight: element (uniform number % DRAWS) is a record's source. Every source that the demo
 * plays as ordinary traffic occurs.
 */
export function sourceDraws(sources: Sources): number[] {
  const weighted: { id: number; weight: number }[] = [];
  for (const lanes of sources.lanes) {
    for (const { cell, share, peers } of lanes) {
      const weight =
        TYPE_WEIGHT[cell.type] * REGION_WEIGHT[cell.region] * DIRECTION_WEIGHT[cell.direction] * share;
      for (const peer of peers) weighted.push({ id: peer.source, weight: weight * peer.weight });
    }
  }
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const draws = weighted.flatMap(({ id, weight }) =>
    Array.from({ length: Math.max(1, Math.round((weight / total) * DRAWS)) }, () => id),
  );
  // Rounding leaves a few too many or too few: the heaviest source takes them.
  const heaviest = weighted.reduce((a, b) => (b.weight > a.weight ? b : a)).id;
  while (draws.length < DRAWS) draws.push(heaviest);
  while (draws.length > DRAWS) draws.splice(draws.indexOf(heaviest), 1);
  return draws;
}

/** Networks with fewer hosts than this are a handful of machines that stay the same; the others are diffuse. */
const FEW = 100;

/** Whether nearly every record of the source has another remote address. */
export function isDiffuse(source: Source): boolean {
  return source.hosts >= FEW;
}
