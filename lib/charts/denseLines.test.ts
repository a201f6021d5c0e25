import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Point } from './areaShapes';
import { colorLines, type LineShape } from './denseLines';

const WIDTH = 24;
const HEIGHT = 40;
const RED = '#ff0000';
const BLUE = '#0000ff';

const line = (points: readonly Point[], stroke: string, width = 1): LineShape => ({
  kind: 'line',
  points,
  stroke,
  width,
});
const level = (y: number): Point[] => Array.from({ length: 65 }, (_, i): Point => [4 + i / 4, y]);
function pixelsOf(lines: readonly LineShape[], scale: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  colorLines(lines, pixels, WIDTH, HEIGHT, scale);
  return pixels;
}
const pixelOf = (pixels: Uint8ClampedArray, x: number, y: number): number[] => [
  ...pixels.slice((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4),
];

test('a level line is as wide as it says, and a pixel as opaque as it is covered', () => {
  const pixels = pixelsOf([line(level(10.75), RED)], 1);
  expect(pixelOf(pixels, 10, 10)).toEqual([255, 0, 0, 191]);
  expect(pixelOf(pixels, 10, 11)).toEqual([255, 0, 0, 64]);
  for (const [x, y] of [
    [10, 9],
    [10, 12],
    [3, 10],
    [20, 10],
  ] as const)
    expect(pixelOf(pixels, x, y)).toEqual([0, 0, 0, 0]);
});

test('a later line covers an earlier one, and lets it through where it covers a pixel in part', () => {
  const pixels = pixelsOf([line(level(10.5), RED, 3), line(level(10), BLUE, 1)], 1);
  expect(pixelOf(pixels, 10, 9)).toEqual([128, 0, 128, 255]);
  expect(pixelOf(pixels, 10, 11)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(pixelsOf([line(level(10.5), RED), line(level(10.5), BLUE)], 1), 10, 10)).toEqual([
    0, 0, 255, 255,
  ]);
});

test('twice the device pixels, twice the width', () => {
  const pixels = pixelsOf(
    [
      line(
        [
          [2, 5],
          [6, 5],
          [10, 5],
        ],
        RED,
      ),
    ],
    2,
  );
  for (const y of [9, 10]) expect(pixelOf(pixels, 4, y)).toEqual([255, 0, 0, 255]);
  for (const y of [8, 11]) expect(pixelOf(pixels, 4, y)).toEqual([0, 0, 0, 0]);
});

test('every column is colored from the least to the greatest height that the line has in it', () => {
  const heights = fc.array(fc.double({ min: 2, max: 38, noNaN: true }), { minLength: 40, maxLength: 120 });
  fc.assert(
    fc.property(heights, (ys) => {
      const points = ys.map((y, i): Point => [4 + (16 * i) / (ys.length - 1), y]);
      const pixels = pixelsOf([line(points, RED)], 1);
      for (let column = 4; column < 20; column += 1) {
        const inside = points.filter(([x]) => x >= column && x <= column + 1).map(([, y]) => y);
        for (let row = Math.floor(Math.min(...inside)); row < Math.max(...inside); row += 1)
          expect(pixelOf(pixels, column, row)[3]).toBeGreaterThanOrEqual(127);
      }
    }),
  );
});

test('dashes and gaps are counted along the line', () => {
  const flat = pixelsOf([{ ...line(level(10.5), RED), dash: [3, 2] }], 1);
  const opaque = (x: number) => pixelOf(flat, x, 10)[3] === 255;
  expect(Array.from({ length: 10 }, (_, i) => opaque(4 + i))).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
    true,
    true,
    false,
    false,
  ]);
  const up: Point[] = [
    [4.5, 30],
    [4.5, 20],
    [4.5, 10],
  ];
  const steep = pixelsOf([{ ...line(up, RED), dash: [6, 4] }], 1);
  for (const y of [28, 25, 19, 15]) expect(pixelOf(steep, 4, y)[3]).toBe(255);
  for (const y of [22, 12]) expect(pixelOf(steep, 4, y)[3]).toBe(0);
});

test('what leaves the picture is cut at its edge', () => {
  const points: Point[] = [
    [4, -20],
    [4.5, 60],
    [5, -20],
    [5.5, -30],
    [6, -30],
  ];
  const pixels = pixelsOf([line(points, RED)], 1);
  for (const y of [0, HEIGHT - 1]) expect(pixelOf(pixels, 4, y)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(pixels, 5, HEIGHT - 1)).toEqual([0, 0, 0, 0]);
});
