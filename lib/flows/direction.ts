/**
 * Ingress is remote to local, egress local to remote. Rollups also hold internal and transit; totals never do.
 */
export const STORED_DIRECTIONS = ['internal', 'ingress', 'egress', 'transit'] as const;
export type StoredDirection = (typeof STORED_DIRECTIONS)[number];

/** The two directions that cross the boundary: what every total is made of. */
export const COUNTED_DIRECTIONS = ['ingress', 'egress'] as const;
export type CountedDirection = (typeof COUNTED_DIRECTIONS)[number];

/** What a person chooses. `both` is the sum of the two, and its p95 the p95 of the summed series. */
export const DIRECTIONS = ['both', 'ingress', 'egress'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export function directionsOf(direction: Direction): readonly CountedDirection[] {
  return direction === 'both' ? COUNTED_DIRECTIONS : [direction];
}
