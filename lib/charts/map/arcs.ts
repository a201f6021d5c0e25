import type { MapPlace, TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import type { Center, MapOptions } from './model';
import type { MapView } from './projections';

export const ARC_DIRECTIONS = ['none', 'ingress', 'egress', 'both'] as const;
export type ArcDirection = (typeof ARC_DIRECTIONS)[number];

export interface MapRegion {
  readonly region: string;
  /** null: the operators' file does not say */
  readonly center: Center | null;
  /** false: it lies outside of this view */
  readonly inView: boolean;
}

export interface MapArc {
  readonly key: string;
  readonly region: string;
  readonly country: string;
  readonly metro: string;
  readonly direction: 'ingress' | 'egress';
  readonly from: Center;
  readonly to: Center;
  /** bytes of the whole range, all types */
  readonly bytes: string;
  /** of the heaviest arc, 0 to 1 */
  readonly weight: number;
}

/** The box of the United States, Alaska and Hawaii with it. */
const US = { south: 18, north: 72, west: -180, east: -65 };

/** Our own regions, with or without a place. */
export function regionsOf({ regions }: TrafficMapRows, view: MapView): MapRegion[] {
  return regions.map(({ region, center }) => ({
    region,
    center,
    inView: center !== null && (view === 'world' || isAmerican(center)),
  }));
}

function isAmerican({ latitude, longitude }: Center): boolean {
  return latitude > US.south && latitude < US.north && longitude > US.west && longitude < US.east;
}

/** Arcs whose both ends are drawn, heaviest first, and how much of all bytes of these directions they carry. */
export function arcsOf(
  rows: TrafficMapRows,
  { arcs, view }: Pick<MapOptions, 'arcs' | 'view'>,
  drawnAt: (place: Pick<MapPlace, 'country' | 'metro' | 'center'>) => Center | null,
): { arcs: MapArc[]; share: number } {
  const places = new Map(rows.places.map((place) => [`${place.country} ${place.metro}`, place]));
  const regions = new Map(regionsOf(rows, view).map((region) => [region.region, region]));
  const directions = (['ingress', 'egress'] as const).filter((each) => arcs === each || arcs === 'both');
  const found = rows.arcs.flatMap((arc) => {
    const region = regions.get(arc.region);
    const place = places.get(`${arc.country} ${arc.metro}`);
    const there = place ? drawnAt(place) : null;
    const here = region?.inView ? region.center : null;
    if (!here || !there) return [];
    return directions
      .filter((direction) => arc[direction] !== '0')
      .map((direction) => ({
        key: `${arc.region} ${arc.country} ${arc.metro} ${direction}`,
        region: arc.region,
        country: arc.country,
        metro: arc.metro,
        direction,
        from: direction === 'egress' ? here : there,
        to: direction === 'egress' ? there : here,
        bytes: arc[direction],
      }));
  });
  const most = Math.max(0, ...found.map(({ bytes }) => Number(bytes)));
  const whole = directions.reduce(
    (sum, direction) =>
      [...rows.arcs, rows.arcsRest].reduce((part, arc) => part + Number(arc[direction]), sum),
    0,
  );
  const drawn = found.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  return {
    arcs: found
      .map((arc) => ({ ...arc, weight: most > 0 ? Number(arc.bytes) / most : 0 }))
      .sort((a, b) => b.weight - a.weight),
    share: whole > 0 ? drawn / whole : 0,
  };
}
