import type { ExploreSeries } from '@/lib/flows/contracts/exploreOverTime';
import type { SeriesMeasure } from '@/lib/flows/exploreLimits';
import type { Quantity } from './format';

/** A measure in the unit that a person chose. */
export interface Asked {
  readonly measure: SeriesMeasure;
  readonly unit: 'bits' | 'bytes';
}

/** What a measure's values over time are. */
export function quantityOf(measure: SeriesMeasure, unit: 'bits' | 'bytes'): Quantity {
  switch (measure) {
    case 'traffic':
      return unit === 'bits' ? 'bit/s' : 'B/s';
    case 'packets':
      return 'packet/s';
    case 'flowRecords':
      return 'record/s';
    case 'uniqueness':
      return 'count';
    case 'magnitude':
      return unit === 'bits' ? 'bit/address' : 'B/address';
  }
}

/** What one of a series' sums counts for: bytes are bits or bytes as chosen, packets and records are themselves. */
export function perSum({ measure, unit }: Asked): number {
  const isBytes = measure === 'traffic' || measure === 'magnitude';
  return isBytes && unit === 'bits' ? 8 : 1;
}

/**
 * What a bucket shows: a rate, a count of addresses, or volume by address; null where nothing was covered, and of the last where nobody
 * was seen.
 * @param seconds that divide the sum
 */
export function valueIn(
  measure: SeriesMeasure,
  unit: 'bits' | 'bytes',
  series: Pick<ExploreSeries, 'sums' | 'addresses'>,
  index: number,
  seconds: number,
): number | null {
  if (seconds === 0) return null;
  const addresses = series.addresses?.[index] ?? 0;
  if (measure === 'uniqueness') return addresses;
  const amount = Number(series.sums[index] ?? '0') * perSum({ measure, unit });
  if (measure === 'magnitude') return addresses === 0 ? null : amount / addresses;
  return amount / seconds;
}
