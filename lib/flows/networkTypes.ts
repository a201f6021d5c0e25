/**
 * What kind of network the remote end is, in stack order: the first is drawn at the bottom. The order is the same in every
 * chart, legend and table. Unclassified is a type like the others: always shown, never folded away.
 */
export const NETWORK_TYPES = [
  'ISP Regional',
  'ISP Tier1',
  'CDN',
  'Hosting',
  'Hyperscaler',
  'Neocloud',
  'Migration',
  'Unclassified',
] as const;

export type NetworkType = (typeof NETWORK_TYPES)[number];

const ORDER: ReadonlyMap<string, number> = new Map(NETWORK_TYPES.map((type, index) => [type, index]));

export function isNetworkType(value: string): value is NetworkType {
  return ORDER.has(value);
}

/** Sorts by stack order. A type the taxonomy knows and this list does not stands before Unclassified, by name. */
export function compareNetworkTypes(a: string, b: string): number {
  const beforeUnclassified = NETWORK_TYPES.length - 1.5;
  const difference = (ORDER.get(a) ?? beforeUnclassified) - (ORDER.get(b) ?? beforeUnclassified);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}
