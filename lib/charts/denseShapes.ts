import type { Shape } from './shapes';

/** What paths are made for, or pixels colored. */
export type PathShape = Extract<Shape, { kind: 'area' | 'line' }>;

/** Whether two shapes, the one behind the other, may be painted in one go. */
export function areAlike(one: PathShape, next: Shape | undefined): boolean {
  return one.kind === next?.kind && !isRule(one) && !isRule(next as PathShape);
}

/** Whether each has more points than columns of device pixels: then it is faster to color pixels than to have paths painted. */
export function areDense(shapes: readonly PathShape[], scale: number): boolean {
  return shapes.every((shape) => {
    const points = pointsOf(shape);
    const [first, last] = [points[0], points.at(-1)];
    return !isRule(shape) && first && last && points.length > (last[0] - first[0]) * scale;
  });
}

function pointsOf(shape: PathShape) {
  return shape.kind === 'area' ? shape.upper : shape.points;
}

/** Grid lines, levels and grounds of labels stand between the series, and are painted as paths. */
function isRule(shape: PathShape): boolean {
  return pointsOf(shape).length < 3;
}
