'use client';

import { parseAsStringLiteral, useQueryStates } from 'nuqs';
import { ARC_DIRECTIONS, type ArcDirection } from '@/lib/charts/map/arcs';
import { MAP_VIEWS, type MapView } from '@/lib/charts/map/projections';

const parsers = {
  map: parseAsStringLiteral(MAP_VIEWS),
  arcs: parseAsStringLiteral(ARC_DIRECTIONS),
};

/** Which map is shown and which way its arcs go: in the URL, so that a link shows what its sender saw. */
export function useMapView(): {
  map: MapView;
  arcs: ArcDirection;
  setMapView: (change: { map?: MapView; arcs?: ArcDirection }) => void;
} {
  const [values, setValues] = useQueryStates(parsers, { history: 'push', scroll: false });
  return {
    map: values.map ?? 'world',
    arcs: values.arcs ?? 'egress',
    setMapView: ({ map, arcs }) =>
      void setValues({
        ...(map === undefined ? {} : { map: map === 'world' ? null : map }),
        ...(arcs === undefined ? {} : { arcs: arcs === 'egress' ? null : arcs }),
      }),
  };
}
