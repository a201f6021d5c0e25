import { type GeoStream, geoAlbersUsa, geoEqualEarth } from 'd3-geo';

/** Where lines and rings go, point by point, as they are projected and cut. */
export interface ProjectionStream {
  point(x: number, y: number): void;
  lineStart(): void;
  lineEnd(): void;
  polygonStart(): void;
  polygonEnd(): void;
  sphere(): void;
}

/** What a chart library needs of a projection; points are longitude and latitude in, and arbitrary units with y downward out. */
export interface MapProjection {
  project(point: number[]): number[];
  unproject(point: number[]): number[];
  stream(out: ProjectionStream): ProjectionStream;
}

export const MAP_VIEWS = ['world', 'us'] as const;
export type MapView = (typeof MAP_VIEWS)[number];

const OUTSIDE = [Number.NaN, Number.NaN];

function pair([x = 0, y = 0]: number[]): [number, number] {
  return [x, y];
}

/** Outlines of the globe are never drawn, but a stream must take one. */
function whole(stream: GeoStream): ProjectionStream {
  return {
    point: (x, y) => stream.point(x, y),
    lineStart: () => stream.lineStart(),
    lineEnd: () => stream.lineEnd(),
    polygonStart: () => stream.polygonStart(),
    polygonEnd: () => stream.polygonEnd(),
    sphere: () => stream.sphere?.(),
  };
}

// Equal areas, because areas are compared; turned so that Chukotka stays with Asia.
const world = geoEqualEarth().rotate([-11, 0]);
// Alaska and Hawaii stand below the south-west, as American readers know it; nothing outside the states has a place.
const us = geoAlbersUsa();

export const projections: Readonly<Record<MapView, MapProjection>> = {
  world: {
    project: (point) => world(pair(point)) ?? OUTSIDE,
    unproject: (point) => world.invert?.(pair(point)) ?? OUTSIDE,
    stream: (out) => whole(world.stream(out)),
  },
  us: {
    project: (point) => us(pair(point)) ?? OUTSIDE,
    unproject: (point) => us.invert?.(pair(point)) ?? OUTSIDE,
    stream: (out) => whole(us.stream(out)),
  },
};
