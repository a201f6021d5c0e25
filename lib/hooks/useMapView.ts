'use client';

import { createParser, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { ARC_DIRECTIONS, type ArcDirection } from '@/lib/charts/map/arcs';
import { MAP_VIEWS, type MapView } from '@/lib/charts/map/projections';
import { parseInstant, printInstant } from '@/lib/flows/urlState';

const parsers = {
  map: parseAsStringLiteral(MAP_VIEWS),
  arcs: parseAsStringLiteral(ARC_DIRECTIONS),
  at: createParser<number>({ parse: parseInstant, serialize: printInstant }),
};

/** Which map is shown, which way its arcs go and at which step it stands: in the URL, so that a link shows what its sender saw. */
export function useMapView(): {
  map: MapView;
  arcs: ArcDirection;
  /** when the step begins, in epoch seconds; null = the whole range */
  at: number | null;
  setMapView: (change: { map?: MapView; arcs?: ArcDirection }) => void;
  /** leaves no trace in the history: a range may have hundreds of steps */
  setAt: (at: number | null) => void;
} {
  const [values, setValues] = useQueryStates(parsers, { history: 'push', scroll: false });
  const setAt = useCallback(
    (at: number | null) => void setValues({ at }, { history: 'replace' }),
    [setValues],
  );
  return {
    map: values.map ?? 'world',
    arcs: values.arcs ?? 'egress',
    at: values.at,
    setMapView: ({ map, arcs }) =>
      void setValues({
        ...(map === undefined ? {} : { map: map === 'world' ? null : map }),
        ...(arcs === undefined ? {} : { arcs: arcs === 'egress' ? null : arcs }),
      }),
    setAt,
  };
}
