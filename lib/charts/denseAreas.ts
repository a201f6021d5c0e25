import type { Point } from './areaShapes';
import type { Shape } from './shapes';

export type AreaShape = Extract<Shape, { kind: 'area' }>;

/** Places within a pixel's column at which edges are looked at. */
const SAMPLES = 4;

/**
 * Colors the pixels of areas that do not overlap, as filling them would, each pixel by how much of it every area covers. A browser fills
 * polygons of thousands of steep edges in the time of a frame and more; this takes a fifth of it.
 * @param width of the picture in device pixels, as `height`
 * @param scale device pixels per unit of the areas' points
 * @returns red, green, blue and alpha of each pixel
 */
export function pixelsOfAreas(
  areas: readonly AreaShape[],
  width: number,
  height: number,
  scale: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  // What each row of one column has more than the row above it: red, green, blue and coverage.
  const steps = new Float32Array((height + 2) * 4);
  const walks = areas.map(({ upper, lower, fill }) => ({
    x: coordinates(upper, 0, scale),
    top: coordinates(upper, 1, scale),
    bottom: coordinates(lower, 1, scale),
    color: channelsOf(fill),
    at: 1,
  }));
  const last = Math.max(...walks.map(({ x }) => at(x, x.length - 1)));
  for (let column = Math.floor(Math.min(...walks.map(({ x }) => at(x, 0)))); column < last; column += 1) {
    let from = height;
    let to = 0;
    for (const walk of walks) {
      const { x, top, bottom, color } = walk;
      const end = x.length - 1;
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const here = column + (sample + 0.5) / SAMPLES;
        if (here < at(x, 0) || here >= at(x, end)) continue;
        while (walk.at < end && at(x, walk.at) <= here) walk.at += 1;
        const before = at(x, walk.at - 1);
        const part = (here - before) / (at(x, walk.at) - before);
        const up = clamp(between(top, walk.at, part), height);
        const low = clamp(between(bottom, walk.at, part), height);
        if (low <= up) continue;
        step(steps, up, color, 1 / SAMPLES);
        step(steps, low, color, -1 / SAMPLES);
        from = Math.min(from, Math.floor(up));
        to = Math.max(to, Math.floor(low) + 1);
      }
    }
    let red = 0;
    let green = 0;
    let blue = 0;
    let covered = 0;
    for (let row = from; row <= to; row += 1) {
      const i = row * 4;
      red += at(steps, i);
      green += at(steps, i + 1);
      blue += at(steps, i + 2);
      covered += at(steps, i + 3);
      if (covered < LEAST || row >= height) continue;
      const pixel = (row * width + column) * 4;
      pixels[pixel] = red / covered;
      pixels[pixel + 1] = green / covered;
      pixels[pixel + 2] = blue / covered;
      pixels[pixel + 3] = covered * 255;
    }
    steps.fill(0, from * 4, (to + 1) * 4);
  }
  return pixels;
}

/** What is covered less is left alone: it is what rounding has left. */
const LEAST = 1 / 512;

type Numbers = Float32Array | Float64Array;

function at(numbers: Numbers, i: number): number {
  return numbers[i] as number;
}

/** One coordinate of all points, in device pixels. */
function coordinates(points: readonly Point[], axis: 0 | 1, scale: number): Float64Array {
  const values = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 1) values[i] = (points[i]?.[axis] ?? 0) * scale;
  return values;
}

/** At a part of the way from the value before `i` to that value. */
function between(values: Numbers, i: number, part: number): number {
  const before = at(values, i - 1);
  return before + part * (at(values, i) - before);
}

/** From `y` downwards there is more of a color; the row that `y` cuts has a part of it. */
function step(steps: Float32Array, y: number, color: Color, weight: number): void {
  const row = Math.floor(y);
  const below = (y - row) * weight;
  const here = weight - below;
  const i = row * 4;
  steps[i] = at(steps, i) + color.red * here;
  steps[i + 1] = at(steps, i + 1) + color.green * here;
  steps[i + 2] = at(steps, i + 2) + color.blue * here;
  steps[i + 3] = at(steps, i + 3) + here;
  steps[i + 4] = at(steps, i + 4) + color.red * below;
  steps[i + 5] = at(steps, i + 5) + color.green * below;
  steps[i + 6] = at(steps, i + 6) + color.blue * below;
  steps[i + 7] = at(steps, i + 7) + below;
}

function clamp(y: number, height: number): number {
  return Math.min(height, Math.max(0, y));
}

/** Channels from 0 to 255. */
interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** Of `#rrggbb`. */
export function channelsOf(hex: string): Color {
  const channel = (start: number) => Number.parseInt(hex.slice(start, start + 2), 16);
  return { red: channel(1), green: channel(3), blue: channel(5) };
}
