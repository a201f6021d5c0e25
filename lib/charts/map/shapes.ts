/** A rectangle in pixels of the picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  /** in pixels; of what has corners: half of its width */
  readonly radius: number;
}

/** From one point to another, in pixels. */
export interface Line {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Whether two boxes come closer than `clear` pixels. */
export function overlap(a: Box, b: Box, clear = 0): boolean {
  return (
    a.left < b.right + clear &&
    b.left < a.right + clear &&
    a.top < b.bottom + clear &&
    b.top < a.bottom + clear
  );
}

/** Whether a circle comes closer to a box than `clear` pixels. */
export function touches(box: Box, { x, y, radius }: Dot, clear = 0): boolean {
  const dx = Math.max(box.left - x, 0, x - box.right);
  const dy = Math.max(box.top - y, 0, y - box.bottom);
  return Math.hypot(dx, dy) < radius + clear;
}

/** Whether a line runs through a box. */
export function cuts({ from, to }: Line, box: Box): boolean {
  // Liang and Barsky: what is left of the line inside of all four sides.
  let [start, end] = [0, 1];
  const delta = [to[0] - from[0], to[1] - from[1]] as const;
  for (const [p, q] of [
    [-delta[0], from[0] - box.left],
    [delta[0], box.right - from[0]],
    [-delta[1], from[1] - box.top],
    [delta[1], box.bottom - from[1]],
  ] as const) {
    if (p === 0) {
      if (q < 0) return false;
    } else if (p < 0) start = Math.max(start, q / p);
    else end = Math.min(end, q / p);
  }
  return start < end;
}

/** Whether two lines cross. */
export function meet(a: Line, b: Line): boolean {
  const side = ({ from, to }: Line, [x, y]: readonly [number, number]) =>
    Math.sign((to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]));
  return side(a, b.from) !== side(a, b.to) && side(b, a.from) !== side(b, a.to);
}

/** How close a line comes to the middle of a circle. */
export function nearest({ from, to }: Line, { x, y }: Dot): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / length));
  return Math.hypot(from[0] + t * dx - x, from[1] + t * dy - y);
}
