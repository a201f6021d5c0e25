import type { Shape } from './shapes';

/** A key that no series has: with it lifted, all of them are gray. */
export const NO_SERIES = '\u0000';

// Of a picture with a lifted series most is the same whichever it is, and painting thousands of points takes as long as a frame: so the gray
// series are painted once, and above them only what differs.

/** What stands behind any lifted series. @param shapes of the picture with all series gray */
export function behindLifted(shapes: readonly Shape[]): Shape[] {
  const first = firstOfSeries(shapes);
  return shapes.filter(({ of }, i) => i < first || of !== undefined);
}

/** What stands before it. @param shapes of the picture with this series lifted */
export function beforeGray(shapes: readonly Shape[], lifted: string): Shape[] {
  return shapes.slice(firstOfSeries(shapes)).filter(({ of }) => of === undefined || of.includes(lifted));
}

/** What belongs to no series stands behind all of them, as axes, or before. */
function firstOfSeries(shapes: readonly Shape[]): number {
  const first = shapes.findIndex(({ of }) => of !== undefined);
  return first < 0 ? shapes.length : first;
}
