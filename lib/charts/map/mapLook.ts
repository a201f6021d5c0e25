import { mix } from '../color';
import { ground, networkTypeColor, rampColor, type Theme } from '../palette';
import type { MapArc } from './arcs';
import { mixesSeries } from './mixes';
import type { MapEntry, MapModel } from './model';
import { type MeasureText, namesSeries } from './namesSeries';
import { type MapView, projections } from './projections';
import type { Box } from './shapes';
import { arcWidth, greatestRadius, NARROW, radiusOf } from './sizes';

/** No more places than this are named, heaviest first, as far as there is room beside their circles. */
const MOST_NAMES = { world: 16, us: 24 } as const;

/** Half of the width of a region's mark, in pixels: a hollow diamond, as what lies below it must be seen. */
const REGION_RADIUS = { wide: 5, narrow: 4 } as const;

/** Colors of land and lines: quiet, so that circles carry the picture. */
export function mapInk(theme: Theme) {
  const ink = ground[theme];
  return {
    land: theme === 'light' ? '#efeeea' : '#1b2024',
    border: theme === 'light' ? '#d9d7d1' : '#30363c',
    halo: ink.surface,
    arc: theme === 'light' ? '#4a5563' : '#b6bec8',
    text: ink.text,
    muted: ink.muted,
  };
}

/** The shade of a country: a light cast of the heatmaps' ramp upon the land, never as strong as a circle. */
export function landColor(tone: number, theme: Theme): string {
  return mix(rampColor(0.2 + 0.4 * tone, theme), mapInk(theme).land, 0.1 + 0.3 * tone);
}

/** What names need to know of the picture they stand in. */
export interface NamesLook {
  readonly measure: MeasureText;
  /** where something else lies upon a picture of this size */
  readonly taken?: (size: { width: number; height: number }) => readonly Box[];
}

/**
 * The map as an ECharts option: land, arcs, circles cut by type over them (small ones on top), our regions as hollow diamonds, names around them. Regions
 * of the map are named by the alpha-2 code, or the state's name.
 */
export function mapOption(
  model: MapModel,
  theme: Theme,
  size: { width: number; height: number },
  { measure, taken = () => [] }: NamesLook,
  at: { zoom: number; center: readonly number[] | null } | null = null,
) {
  const ink = mapInk(theme);
  const narrow = size.width < NARROW;
  const greatest = greatestRadius(model.view, narrow);
  const points = model.entries
    .filter((entry) => entry.center !== null && entry.radius > 0)
    .sort((a, b) => b.radius - a.radius);
  const regions = model.regions.flatMap(({ region, center, inView }) =>
    center && inView ? [{ region, center }] : [],
  );
  const regionRadius = REGION_RADIUS[narrow ? 'narrow' : 'wide'];
  const diamond = {
    type: 'scatter' as const,
    coordinateSystem: 'geo' as const,
    symbol: 'diamond',
    // The shape ends at its corners, the line around it does not.
    symbolSize: 2 * regionRadius - 1,
  };
  return {
    geo: {
      map: mapName(model.view),
      projection: projections[model.view],
      // The projection alone decides about shapes; without it the library squeezes degrees.
      aspectScale: 1,
      preserveAspect: 'contain' as const,
      roam: true,
      scaleLimit: { min: 1, max: 12 },
      left: 4,
      // Names of the cities of the east coast stand to the right of them.
      right: model.view === 'us' && !narrow ? 72 : 4,
      top: 4,
      bottom: 4,
      ...(at ? { zoom: at.zoom, ...(at.center ? { center: [...at.center] } : {}) } : {}),
      itemStyle: { areaColor: ink.land, borderColor: ink.border, borderWidth: 0.6 },
      emphasis: { disabled: true },
      select: { disabled: true },
      label: { show: false },
      regions:
        model.view === 'us'
          ? []
          : model.countries.map(({ code, tone }) => ({
              name: code,
              itemStyle: { areaColor: landColor(tone, theme) },
            })),
    },
    series: [
      {
        id: 'arcs',
        type: 'lines' as const,
        coordinateSystem: 'geo' as const,
        silent: true,
        z: 3,
        data: model.arcs.map((arc) => arcItem(arc, ink.arc, narrow)),
      },
      mixesSeries(
        points
          .filter(({ metro }) => metro !== '')
          .map((entry) => ({ entry, radius: radiusOf(entry.radius, greatest) })),
        !model.wholeOnly,
        theme,
      ),
      {
        id: 'places',
        type: 'scatter' as const,
        coordinateSystem: 'geo' as const,
        z: 4,
        emphasis: { scale: false, itemStyle: { borderColor: ink.text, borderWidth: 1.5 } },
        data: points.map((entry) => pointItem(entry, theme, greatest)),
      },
      {
        ...diamond,
        id: 'regionHalos',
        silent: true,
        z: 5,
        data: regions.map(({ center }) => ({
          value: [center.longitude, center.latitude],
          itemStyle: { color: 'transparent', borderColor: ink.halo, borderWidth: 3.5 },
        })),
      },
      {
        ...diamond,
        id: 'regions',
        z: 5,
        data: regions.map(({ region, center }) => ({
          name: region,
          value: [center.longitude, center.latitude],
          itemStyle: { color: 'transparent', borderColor: ink.text, borderWidth: 1.75 },
        })),
      },
      namesSeries({
        places: points.flatMap(({ key, center, metro, label, radius }) =>
          center
            ? [{ key, center, radius: radiusOf(radius, greatest), text: metro === '' ? null : label }]
            : [],
        ),
        regions: regions.map(({ region, center }) => ({
          key: region,
          center,
          radius: regionRadius + 1,
          text: region,
        })),
        most: Math.round(MOST_NAMES[model.view] / (narrow ? 3 : 1)),
        measure,
        taken,
        ink,
      }),
    ],
  };
}

/** Light to strong, as keys show how countries are shaded. */
export const LAND_TONES = [0, 0.25, 0.5, 0.75, 1] as const;

/** The name under which a view's shapes are known. */
export function mapName(view: MapView): string {
  return `weir-${view}`;
}

function pointItem(entry: MapEntry, theme: Theme, greatest: number) {
  const ink = mapInk(theme);
  const color = networkTypeColor(entry.leadType ?? 'Unclassified', theme);
  const { longitude = 0, latitude = 0 } = entry.center ?? {};
  const radius = radiusOf(entry.radius, greatest);
  // What has no metro is a ring: it lies somewhere in the country, not in the middle of it. A metro's circle is drawn by its types.
  const ring = entry.metro === '';
  return {
    id: entry.key,
    name: entry.key,
    value: [longitude, latitude],
    symbolSize: 2 * radius,
    itemStyle: ring
      ? {
          color: 'transparent',
          borderColor: color,
          borderWidth: 1.5,
          // Dashes need a length to be seen as such.
          borderType: radius > 5 ? ('dashed' as const) : ('solid' as const),
          opacity: 0.9,
        }
      : { color: 'transparent', borderColor: ink.halo, borderWidth: 1 },
  };
}

/** Light arcs step back behind heavy ones. */
export function arcOpacity(weight: number): number {
  return 0.28 + 0.3 * weight;
}

function arcItem(arc: MapArc, color: string, narrow: boolean) {
  const { from, to, weight } = arc;
  return {
    coords: [
      [from.longitude, from.latitude],
      [to.longitude, to.latitude],
    ],
    lineStyle: {
      color,
      width: arcWidth(weight, narrow),
      opacity: arcOpacity(weight),
      // Both ways bend to their own right, so that they lie beside one another.
      curveness: 0.16,
      type: arc.direction === 'egress' ? ('solid' as const) : ('dashed' as const),
    },
  };
}
