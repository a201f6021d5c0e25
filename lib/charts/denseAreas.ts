import type { Point } from './areaShapes';
import type { Shape } from './shapes';

export type AreaShape = Extract<Shape, { kind: 'area' }>;

/** Places within a pixel's column at which edges are looked at. */
const SAMPLES = 4;

/**
 * Colors the pixels of areas that do not overlap, as filling them would, each pixel by how much of it every area covers. A browser fills
 * polygons of thousands of steep edges in the time of a frame and more; this takes a fifth of it.
 * @param pixels red, green, blue and alpha of each pixel; transparent before
 * @param width of the picture in device pixels, as `height`
 * @param scale device pixels per unit of the areas' points
 */
export function colorAreas(
  areas: readonly AreaShape[],
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  scale: number,
): void {
  // What each row of one column has more than the row above it: red, green, blue and coverage.
  const steps = new Float32Array((height + 2) * 4);
  const walks = areas.map(({ upper, lower, fill }) => ({ upper, lower, color: channelsOf(fill), at: 1 }));
  for (let column = 0; column < width; column += 1) {
    let from = height;
    let to = 0;
    for (const walk of walks) {
      const { upper, lower, color } = walk;
      const end = upper.length - 1;
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const here = (column + (sample + 0.5) / SAMPLES) / scale;
        if (here < coordinate(upper, 0, 0) || here >= coordinate(upper, end, 0)) continue;
        while (walk.at < end && coordinate(upper, walk.at, 0) <= here) walk.at += 1;
        const before = coordinate(upper, walk.at - 1, 0);
        const part = (here - before) / (coordinate(upper, walk.at, 0) - before);
        const up = clamp(heightAt(upper, walk.at, part) * scale, height);
        const low = clamp(heightAt(lower, walk.at, part) * scale, height);
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
}

/** What is covered less is left alone: it is what rounding has left. */
const LEAST = 1 / 512;

function at(numbers: Float32Array, i: number): number {
  return numbers[i] as number;
}

function coordinate(points: readonly Point[], i: number, axis: 0 | 1): number {
  return (points[i] as Point)[axis];
}

/** At a part of the way from the point before `i` to that point. */
function heightAt(points: readonly Point[], i: number, part: number): number {
  const before = coordinate(points, i - 1, 1);
  return before + part * (coordinate(points, i, 1) - before);
}

/** From `y` downwards there is more of a color; the row that `y` cuts has a part of it. */
function step(steps: Float32Array, y: number, color: Color, weight: number): void {
  const row = Math.floor(y);
  const below = (y - row) * weight;
  const here = weight - below;
  const [red, green, blue] = color;
  const i = row * 4;
  steps[i] = at(steps, i) + red * here;
  steps[i + 1] = at(steps, i + 1) + green * here;
  steps[i + 2] = at(steps, i + 2) + blue * here;
  steps[i + 3] = at(steps, i + 3) + here;
  steps[i + 4] = at(steps, i + 4) + red * below;
  steps[i + 5] = at(steps, i + 5) + green * below;
  steps[i + 6] = at(steps, i + 6) + blue * below;
  steps[i + 7] = at(steps, i + 7) + below;
}

function clamp(y: number, height: number): number {
  return Math.min(height, Math.max(0, y));
}

/** Red, green and blue from 0 to 255. */
type Color = readonly [number, number, number];

/** Of `#rrggbb`. */
export function channelsOf(hex: string): Color {
  const channel = (start: number) => Number.parseInt(hex.slice(start, start + 2), 16);
  return [channel(1), channel(3), channel(5)];
}
