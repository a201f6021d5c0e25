import { type Named, placeLabels } from './labels';
import type { Center } from './model';
import type { Box } from './shapes';

/** How wide a text of the picture is, in pixels; regions' names are strong. */
export type MeasureText = (text: string, strong: boolean) => number;

/** What is drawn at a place of the globe, and the name it would have; text null = it has none. */
export interface Mark {
  readonly key: string;
  readonly center: Center;
  /** in pixels */
  readonly radius: number;
  readonly text: string | null;
}

interface Api {
  coord(place: number[]): number[];
  font(look: { fontSize: number; fontWeight: number }): string;
  getWidth(): number;
  getHeight(): number;
}

const SIZE = 11;

/**
 * The names of places and regions as an ECharts series. It is of one item, which places all names anew each time the map is drawn, so that
 * they keep clear of one another at any zoom.
 */
export function namesSeries(input: {
  places: readonly Mark[];
  regions: readonly Mark[];
  most: number;
  measure: MeasureText;
  taken: (size: { width: number; height: number }) => readonly Box[];
  ink: { text: string; halo: string };
}) {
  const { places, regions, ink } = input;
  const widths = new Map<string, number>();
  const width = (text: string, strong: boolean) => {
    const key = `${strong} ${text}`;
    const known = widths.get(key) ?? input.measure(text, strong);
    widths.set(key, known);
    return known;
  };
  const [first] = [...places, ...regions];
  return {
    id: 'names',
    type: 'custom' as const,
    coordinateSystem: 'geo' as const,
    silent: true,
    // Names of one drawing are not those of the next.
    animation: false,
    z: 6,
    data: first ? [[first.center.longitude, first.center.latitude]] : [],
    renderItem(_: unknown, api: Api) {
      const size = { width: api.getWidth(), height: api.getHeight() };
      const named = (marks: readonly Mark[], strong: boolean) =>
        marks.map(({ key, center, radius, text }): Named => {
          const [x = Number.NaN, y = Number.NaN] = api.coord([center.longitude, center.latitude]) ?? [];
          return { key, x, y, radius, text: text ?? '', width: text === null ? 0 : width(text, strong) };
        });
      const [circles, squares] = [named(places, false), named(regions, true)];
      const labels = placeLabels({
        size,
        places: circles.filter(({ text }) => text !== ''),
        regions: squares,
        dots: circles.filter(({ text }) => text === ''),
        taken: input.taken(size),
        most: input.most,
      });
      const leaders = labels.flatMap(({ leader }) => (leader ? [leader] : []));
      return {
        type: 'group' as const,
        children: [
          ...leaders.map(({ from, to }) => ({
            type: 'line' as const,
            shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
            style: { stroke: ink.text, lineWidth: 0.75 },
          })),
          ...labels.map(({ text, x, y, isRegion }) => ({
            type: 'text' as const,
            x,
            y,
            style: {
              text,
              font: api.font({ fontSize: SIZE, fontWeight: isRegion ? 600 : 400 }),
              fill: ink.text,
              stroke: ink.halo,
              lineWidth: 2.5,
              align: 'left' as const,
              verticalAlign: 'middle' as const,
            },
          })),
        ],
      };
    },
  };
}
