import type { Shape } from './shapes';

/** What paths are made for, or pixels colored. */
export type PathShape = Extract<Shape, { kind: 'area' | 'line' }>;

/** Whether two shapes, the one behind the other, may be painted in one go. */
export function areAlike(one: PathShape, next: Shape | undefined): boolean {
  return one.kind === next?.kind && hasPixels(one) && hasPixels(next);
}

/** Whether each has more points than columns of device pixels: then it is faster to color pixels than to have paths painted. */
export function areDense(shapes: readonly PathShape[], scale: number): boolean {
  return shapes.every((shape) => {
    const points = shape.kind === 'area' ? shape.upper : shape.points;
    const [first, last] = [points[0], points.at(-1)];
    if (!hasPixels(shape) || first === undefined || last === undefined) return false;
    return points.length > (last[0] - first[0]) * scale;
  });
}

/** A rule of two points is painted as a path. */
function hasPixels(shape: Shape): boolean {
  return shape.kind === 'area' || (shape.kind === 'line' && shape.points.length > 2);
}
