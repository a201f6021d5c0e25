import type { MapPlace, PlaceAddresses, TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import type { Quantity } from '../format';
import type { MapOptions } from './model';

export type MapReader = ReturnType<typeof mapReader>;

/** Reads the values of an answer: of one step or the whole range, in the unit and measure asked for. */
export function mapReader(rows: TrafficMapRows, { measure, unit, step }: MapOptions) {
  const seconds =
    step === null ? rows.steps.seconds.reduce((a, b) => a + b, 0) : (rows.steps.seconds[step] ?? 0);
  const factor = unit === 'bits' ? 8 : 1;
  const perSecond = measure === 'traffic';
  const bytesQuantity: Quantity = unit === 'bits' ? (perSecond ? 'bit/s' : 'bit') : perSecond ? 'B/s' : 'B';
  const bytesValue = (bytes: bigint, divisor = seconds): number =>
    perSecond ? (divisor > 0 ? (Number(bytes) * factor) / divisor : 0) : Number(bytes) * factor;
  const stepSums = (place: MapPlace, at: number | null, hidden: ReadonlySet<string>): bigint[] =>
    rows.types.map((type, t) => {
      if (hidden.has(type)) return 0n;
      const taken = at === null ? place.bytes : place.bytes.slice(at, at + 1);
      return taken.reduce((sum, types) => sum + BigInt(types[t] ?? '0'), 0n);
    });
  const add = (sums: readonly bigint[]) => sums.reduce((a, b) => a + b, 0n);
  const value = (bytes: bigint, addresses: PlaceAddresses | null): number | null => {
    if (measure === 'uniqueness') return addresses?.uniques ?? null;
    if (measure === 'magnitude') return addresses?.magnitude ?? null;
    return bytesValue(bytes);
  };
  return {
    bytesQuantity,
    quantity: (measure === 'uniqueness'
      ? 'count'
      : measure === 'magnitude'
        ? 'bit/address'
        : bytesQuantity) as Quantity,
    bytesValue,
    value,
    sums: (place: MapPlace, hidden: ReadonlySet<string>) => stepSums(place, step, hidden),
    /** the greatest value that the place has in any step, so that steps can be compared by eye */
    most: (place: MapPlace, hidden: ReadonlySet<string>): number =>
      step === null
        ? (value(add(stepSums(place, null, hidden)), place.addresses) ?? 0)
        : Math.max(
            ...rows.steps.starts.map((_, at) =>
              bytesValue(add(stepSums(place, at, hidden)), rows.steps.seconds[at] ?? 0),
            ),
          ),
    total: (hidden: ReadonlySet<string>) =>
      add(rows.places.map((place) => add(stepSums(place, step, hidden)))),
    /** by type, those that are hidden too */
    byType: (places: readonly MapPlace[]) =>
      rows.types.map((_, t) => add(places.map((place) => stepSums(place, step, new Set())[t] ?? 0n))),
  };
}
