import { mix } from '../color';
import { ground, networkTypeColor, rampColor, type Theme } from '../palette';
import type { MapArc } from './arcs';
import { mixesSeries } from './mixes';
import type { MapEntry, MapModel } from './model';
import { type MapView, projections } from './projections';
import { arcWidth, greatestRadius, NARROW, radiusOf } from './sizes';

/** Names of the heaviest places stand beside their circles, as far as they do not meet. */
const MOST_NAMES = { world: 9, us: 18 } as const;

/** Degrees: Chicago and what lies east of it. */
const EAST = -88;

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

/**
 * The map as an ECharts option: land, arcs, circles cut by type over them (small ones on top), our regions as squares. Regions of the map are named by
 * the alpha-2 code, or the state's name.
 */
export function mapOption(
  model: MapModel,
  theme: Theme,
  size: { width: number; height: number },
  at: { zoom: number; center: readonly number[] | null } | null = null,
) {
  const ink = mapInk(theme);
  const narrow = size.width < NARROW;
  const greatest = greatestRadius(model.view, narrow);
  const points = model.entries
    .filter((entry) => entry.center !== null && entry.radius > 0)
    .sort((a, b) => b.radius - a.radius);
  const named = new Set(
    points
      .filter(({ metro }) => metro !== '')
      .slice(0, MOST_NAMES[model.view] / (narrow ? 3 : 1))
      .map(({ key }) => key),
  );
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
        labelLayout: { hideOverlap: true },
        emphasis: { scale: false, itemStyle: { borderColor: ink.text, borderWidth: 1.5 } },
        data: points.map((entry) =>
          pointItem(entry, {
            theme,
            greatest,
            named: named.has(entry.key),
            // There is no room to the right of the east coast.
            leftward: narrow && model.view === 'us' && (entry.center?.longitude ?? 0) > EAST,
          }),
        ),
      },
      {
        id: 'regions',
        type: 'scatter' as const,
        coordinateSystem: 'geo' as const,
        z: 5,
        symbol: 'rect',
        symbolSize: narrow ? 6 : 8,
        data: model.regions.flatMap(({ region, center, inView }) =>
          center && inView
            ? [
                {
                  name: region,
                  value: [center.longitude, center.latitude],
                  itemStyle: { color: ink.text, borderColor: ink.halo, borderWidth: 1.5 },
                },
              ]
            : [],
        ),
      },
    ],
  };
}

/** Light to strong, as keys show how countries are shaded. */
export const LAND_TONES = [0, 0.25, 0.5, 0.75, 1] as const;

/** The name under which a view's shapes are known. */
export function mapName(view: MapView): string {
  return `weir-${view}`;
}

function pointItem(
  entry: MapEntry,
  look: { theme: Theme; greatest: number; named: boolean; leftward: boolean },
) {
  const { theme } = look;
  const ink = mapInk(theme);
  const color = networkTypeColor(entry.leadType ?? 'Unclassified', theme);
  const { longitude = 0, latitude = 0 } = entry.center ?? {};
  const radius = radiusOf(entry.radius, look.greatest);
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
    label: {
      show: look.named,
      position: look.leftward ? ('left' as const) : ('right' as const),
      distance: 4,
      formatter: entry.label,
      color: ink.text,
      fontSize: 11,
      textBorderColor: ink.halo,
      textBorderWidth: 2.5,
    },
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
