import type { Point } from './areaShapes';

/** Filling a polygon costs a browser about the square of its edges: pieces of so many points cost a twentieth of one of 2,000. */
const POINTS_OF_AREA = 24;

/** Likewise for a line that is wider than a pixel. */
const POINTS_OF_LINE = 16;

/**
 * Cuts an area into polygons that stand side by side and cover the same. They meet between two device pixels, so that no seam shows.
 * @param upper from left to right, above the same x as `lower`
 * @param scale device pixels per unit of x
 */
export function areaPieces(upper: readonly Point[], lower: readonly Point[], scale: number): Point[][] {
  const pieces: Point[][] = [];
  let top: Point[] = [];
  let bottom: Point[] = [];
  let edge = Number.POSITIVE_INFINITY;
  for (const [i, [x, y]] of upper.entries()) {
    const below = lower[i]?.[1] ?? y;
    if (x > edge) {
      const above: Point = upper[i - 1] ?? [x, y];
      const under: Point = lower[i - 1] ?? [x, below];
      const part = (edge - above[0]) / (x - above[0]);
      const cut: [Point, Point] = [
        [edge, above[1] + part * (y - above[1])],
        [edge, under[1] + part * (below - under[1])],
      ];
      pieces.push([...top, cut[0], cut[1], ...bottom.reverse()]);
      top = [cut[0]];
      bottom = [cut[1]];
      edge = Number.POSITIVE_INFINITY;
    }
    top.push([x, y]);
    bottom.push([x, below]);
    if (top.length >= POINTS_OF_AREA && edge === Number.POSITIVE_INFINITY)
      edge = Math.ceil(x * scale) / scale;
  }
  if (top.length > 0) pieces.push([...top, ...bottom.reverse()]);
  return pieces;
}

/** A part of a line. */
export interface LinePiece {
  readonly points: readonly Point[];
  /** length of the line before it: dashes go on from there */
  readonly before: number;
}

/** Cuts a line into pieces. Each goes on through the first segment of the next one, so that the join between them is drawn. */
export function linePieces(points: readonly Point[]): LinePiece[] {
  const pieces: LinePiece[] = [];
  let before = 0;
  for (let start = 0; start === 0 || start < points.length - 1; start += POINTS_OF_LINE) {
    pieces.push({ points: points.slice(start, start + POINTS_OF_LINE + 2), before });
    for (let i = start + 1; i <= start + POINTS_OF_LINE; i += 1) {
      const [a, b] = [points[i - 1], points[i]];
      if (a && b) before += Math.hypot(b[0] - a[0], b[1] - a[1]);
    }
  }
  return pieces;
}
