import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Point } from './areaShapes';
import { type AreaShape, colorAreas } from './denseAreas';

const WIDTH = 24;
const HEIGHT = 40;
const RED = '#ff0000';
const BLUE = '#0000ff';

const area = (upper: readonly Point[], lower: readonly Point[], fill: string): AreaShape => ({
  kind: 'area',
  upper,
  lower,
  fill,
});
const level = (y: number, from = 4, to = 20): Point[] =>
  Array.from({ length: 65 }, (_, i): Point => [from + ((to - from) * i) / 64, y]);
function pixelsOf(areas: readonly AreaShape[], scale: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  colorAreas(areas, pixels, WIDTH, HEIGHT, scale);
  return pixels;
}
const pixelOf = (pixels: Uint8ClampedArray, x: number, y: number): number[] => [
  ...pixels.slice((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4),
];

test('a pixel that an edge cuts is as opaque as it is covered, and nothing is colored outside', () => {
  const pixels = pixelsOf([area(level(10.25), level(30), RED)], 1);
  expect(pixelOf(pixels, 10, 10)).toEqual([255, 0, 0, 191]);
  expect(pixelOf(pixels, 10, 11)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(pixels, 10, 29)).toEqual([255, 0, 0, 255]);
  for (const [x, y] of [
    [10, 9],
    [10, 30],
    [3, 20],
    [20, 20],
  ] as const)
    expect(pixelOf(pixels, x, y)).toEqual([0, 0, 0, 0]);
});

test('where two areas meet within a pixel it is opaque and has both colors, so no seam shows', () => {
  const pixels = pixelsOf([area(level(20.5), level(30), RED), area(level(10), level(20.5), BLUE)], 1);
  expect(pixelOf(pixels, 10, 20)).toEqual([128, 0, 128, 255]);
  expect(pixelOf(pixels, 10, 21)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(pixels, 10, 19)).toEqual([0, 0, 255, 255]);
});

test('twice the device pixels, twice the edges', () => {
  const pixels = pixelsOf([area(level(5, 2, 10), level(15, 2, 10), RED)], 2);
  expect(pixelOf(pixels, 4, 10)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(pixels, 3, 20)).toEqual([0, 0, 0, 0]);
  expect(pixelOf(pixels, 19, 29)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(pixels, 19, 30)).toEqual([0, 0, 0, 0]);
});

test('as much is colored as the areas are large, however steep their edges are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 2, max: 19 }), fc.integer({ min: 20, max: 38 })), {
        minLength: 40,
        maxLength: 80,
      }),
      (heights) => {
        const x = (i: number) => 4 + (16 * i) / (heights.length - 1);
        const upper = heights.map(([y], i): Point => [x(i), y]);
        const lower = heights.map(([, y], i): Point => [x(i), y]);
        const pixels = pixelsOf([area(upper, lower, RED)], 1);
        let covered = 0;
        for (let i = 3; i < pixels.length; i += 4) covered += (pixels[i] ?? 0) / 255;
        let size = 0;
        for (let i = 1; i < heights.length; i += 1) {
          const [top, bottom] = heights[i - 1] ?? [0, 0];
          const [nextTop, nextBottom] = heights[i] ?? [0, 0];
          size += ((bottom - top + nextBottom - nextTop) / 2) * (x(i) - x(i - 1));
        }
        // Edges are looked at in four places of each column.
        expect(Math.abs(covered - size) / size).toBeLessThan(0.12);
      },
    ),
  );
});
