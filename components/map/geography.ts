import { geoArea, geoCentroid } from 'd3-geo';
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { ChartMap } from '@/components/charts/EChart';
import { alpha2Of } from '@/lib/charts/map/isoNumeric';
import { mapName } from '@/lib/charts/map/mapLook';
import type { Center } from '@/lib/charts/map/model';
import type { MapView } from '@/lib/charts/map/projections';

/** The shapes of a view, and where countries are. */
export interface Geography {
  readonly map: ChartMap;
  /** middle of the country's largest piece; null where the shapes do not have it */
  readonly countryCenter: (code: string) => Center | null;
}

type Land = Feature<Polygon | MultiPolygon, { name: string }>;
type Atlas = Topology<Record<string, GeometryCollection<{ name: string }>>>;

/** Nobody lives there, and it would take a fifth of the picture. */
const LEFT_OUT = 'AQ';

function landsOf(atlas: Atlas, object: string): Land[] {
  const collection = atlas.objects[object];
  if (!collection) throw new Error(`The topology has no ${object}: reinstall the package it comes from`);
  return (feature(atlas, collection) as FeatureCollection<Polygon | MultiPolygon, { name: string }>).features;
}

function mapOf(view: MapView, lands: readonly Land[]): ChartMap {
  const shapes = { type: 'FeatureCollection' as const, features: [...lands] };
  return { name: mapName(view), shapes: shapes as unknown as ChartMap['shapes'] };
}

/** The shapes of the world's countries, each named by its alpha-2 code, or of the United States. Loaded when first shown. */
export async function loadGeography(view: MapView): Promise<Geography> {
  if (view === 'us') {
    const { default: atlas } = await import('us-atlas/states-10m.json');
    const lands = landsOf(atlas as unknown as Atlas, 'states');
    return { map: mapOf(view, lands), countryCenter: () => null };
  }
  const { default: atlas } = await import('world-atlas/countries-110m.json');
  const lands = landsOf(atlas as unknown as Atlas, 'countries').flatMap((land): Land[] => {
    const code = alpha2Of(land.id, land.properties.name);
    return code === LEFT_OUT ? [] : [{ ...land, properties: { name: code ?? land.properties.name } }];
  });
  const byCode = new Map(lands.map((land) => [land.properties.name, land]));
  return {
    map: mapOf(view, lands),
    countryCenter: (code) => {
      const land = byCode.get(code);
      return land ? centerOf(land) : null;
    },
  };
}

/** A country's colonies and islands would pull its middle into the sea. */
function centerOf({ geometry }: Land): Center {
  const pieces = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const polygons = pieces.map((coordinates) => ({ type: 'Polygon' as const, coordinates }));
  const largest = polygons.reduce((a, b) => (geoArea(b) > geoArea(a) ? b : a));
  const [longitude, latitude] = geoCentroid(largest);
  // No finer than it is true.
  return { latitude: rounded(latitude), longitude: rounded(longitude) };
}

function rounded(degrees: number): number {
  return Math.round(degrees * 100) / 100;
}
