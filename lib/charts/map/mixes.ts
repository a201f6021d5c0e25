import type { Theme } from '../palette';
import { ground, networkTypeColor } from '../palette';
import type { MapEntry, MapModel } from './model';

/** Slices of a smaller circle, in pixels of its radius, could not be told apart: it has the color of its leading type. */
export const LEAST_SLICED = 7;

/** A place that is drawn, heaviest first, with the radius of its circle in pixels. */
export interface DrawnPlace {
  readonly entry: MapEntry;
  readonly radius: number;
}

/** What a circle is cut into: angles in turns, clockwise from the top, in stack order. */
export interface Slice {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** The types of a place as slices that fill its circle; one slice where the circle is small or the measure does not add up. */
export function slicesOf({ entry, radius }: DrawnPlace, addsUp: boolean): Slice[] {
  const whole = entry.parts.reduce((sum, { share }) => sum + share, 0);
  if (!addsUp || radius < LEAST_SLICED || whole === 0) {
    return [{ type: entry.leadType ?? 'Unclassified', from: 0, to: 1 }];
  }
  let from = 0;
  return entry.parts.map(({ type, share }) => {
    const slice = { type, from, to: from + share / whole };
    from = slice.to;
    return slice;
  });
}

/** Circles of metros cut by type, as an ECharts series; the circles that are pointed at and named lie over them and have no color. */
export function mixesSeries(places: readonly DrawnPlace[], addsUp: boolean, theme: Theme) {
  const halo = ground[theme].surface;
  return {
    id: 'mixes',
    type: 'custom' as const,
    coordinateSystem: 'geo' as const,
    silent: true,
    z: 4,
    data: places.map(({ entry }) => [entry.center?.longitude ?? 0, entry.center?.latitude ?? 0]),
    renderItem(
      { dataIndex }: { dataIndex: number },
      api: { value(dimension: number): unknown; coord(place: number[]): number[] },
    ) {
      const place = places[dataIndex];
      const [cx = 0, cy = 0] = api.coord([Number(api.value(0)), Number(api.value(1))]);
      if (!place) return null;
      const r = place.radius;
      const slices = slicesOf(place, addsUp);
      const isWhole = slices.length === 1;
      return {
        type: 'group' as const,
        children: slices.map(({ type, from, to }) => ({
          type: isWhole ? ('circle' as const) : ('sector' as const),
          shape: isWhole
            ? { cx, cy, r }
            : { cx, cy, r0: 0, r, startAngle: angle(from), endAngle: angle(to), clockwise: true },
          style: {
            fill: networkTypeColor(type, theme),
            opacity: 0.88,
            stroke: halo,
            lineWidth: isWhole ? 1 : 0.75,
          },
        })),
      };
    },
  };
}

/** Turns from the top as the canvas counts angles: radians from the right. */
function angle(turns: number): number {
  return 2 * Math.PI * turns - Math.PI / 2;
}

/** What the colors of circles say. */
export function circleWords({ wholeOnly }: Pick<MapModel, 'wholeOnly'>): string {
  return wholeOnly
    ? 'A circle has the color of the type with the most volume there.'
    : 'Circles are cut by type; a small one, and a ring, has the color of its largest type.';
}

/** What the drawn part of a total is. */
export function drawnWords({ view }: Pick<MapModel, 'view'>): string {
  return view === 'us'
    ? 'Drawn: in the circles here, metros of the United States.'
    : 'Drawn: in the circles and rings here.';
}
