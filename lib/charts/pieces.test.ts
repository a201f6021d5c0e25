import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Point } from './areaShapes';
import { areaPieces, linePieces } from './pieces';

/** Twice the area of a polygon, by the shoelace formula. */
function doubled(points: readonly Point[]): number {
  return points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length] ?? [x, y];
    return sum + x * nextY - nextX * y;
  }, 0);
}

const edges = fc
  .array(
    fc.record({ step: fc.double({ min: 0.01, max: 40, noNaN: true }), y: fc.nat(300), below: fc.nat(200) }),
    {
      minLength: 2,
      size: 'max',
      maxLength: 300,
    },
  )
  .map((steps) => {
    let x = 46;
    const upper: Point[] = [];
    const lower: Point[] = [];
    for (const { step, y, below } of steps) {
      x += step;
      upper.push([x, y]);
      lower.push([x, y + below]);
    }
    return { upper, lower };
  });

test('pieces cover what the whole covers, each has few points, and they meet between pixels', () => {
  fc.assert(
    fc.property(edges, fc.constantFrom(1, 1.25, 1.5, 2), ({ upper, lower }, scale) => {
      const pieces = areaPieces(upper, lower, scale);
      const whole = Math.abs(doubled([...upper, ...lower.toReversed()]));
      const sum = pieces.reduce((total, piece) => total + Math.abs(doubled(piece)), 0);
      expect(sum).toBeCloseTo(whole, 4);
      let right = upper[0]?.[0] ?? 0;
      for (const piece of pieces) {
        const across = piece.map(([x]) => x);
        expect(Math.min(...across)).toBe(right);
        right = Math.max(...across);
        const isLast = piece === pieces.at(-1);
        if (!isLast) expect(Math.abs(right * scale - Math.round(right * scale))).toBeLessThan(1e-6);
        // Only points within the pixel at which it ends come on top.
        const within = upper.filter(([x]) => x > right - 1 / scale && x <= right).length;
        expect(piece.length).toBeLessThanOrEqual(2 * (26 + within));
      }
      expect(right).toBe(upper.at(-1)?.[0]);
    }),
  );
});

test('a step that is wider than many pixels is cut where it is, not at its end', () => {
  const upper = Array.from({ length: 25 }, (_, i): Point => [i === 24 ? 1000 : i + 0.5, i === 24 ? 0 : 100]);
  const lower = upper.map(([x]): Point => [x, 200]);
  const [first, second] = areaPieces(upper, lower, 1);
  expect(Math.max(...(first ?? []).map(([x]) => x))).toBe(24);
  // On the straight way from (23.5, 100) to (1000, 0).
  expect(second?.[0]).toEqual([24, 100 - (0.5 / 976.5) * 100]);
});

test('pieces of a line hold every segment once in turn, and say how long the line was before them', () => {
  const points = Array.from({ length: 40 }, (_, i): Point => [3 * i, i % 2 === 0 ? 0 : 4]);
  const pieces = linePieces(points);
  // Each segment is 5 long: 3 across and 4 up or down.
  expect(pieces.map(({ before, points: part }) => [before, part[0]?.[0], part.at(-1)?.[0]])).toEqual([
    [0, 0, 51],
    [80, 48, 99],
    [160, 96, 117],
  ]);
});

test('the polygon of a piece closes along the lower edge backwards', () => {
  const upper: Point[] = [
    [0, 60],
    [10, 50],
  ];
  const lower: Point[] = [
    [0, 100],
    [10, 90],
  ];
  expect(areaPieces(upper, lower, 1)).toEqual([
    [
      [0, 60],
      [10, 50],
      [10, 90],
      [0, 100],
    ],
  ]);
});

test('what is short stays whole, and a line that ends with a piece has none behind it', () => {
  const line = (count: number) => Array.from({ length: count }, (_, i): Point => [i, 0]);
  expect(linePieces(line(2))).toEqual([{ points: line(2), before: 0 }]);
  expect(linePieces(line(17))).toHaveLength(1);
  expect(linePieces(line(18))).toHaveLength(2);
  expect(areaPieces(line(3), line(3), 1)).toHaveLength(1);
  expect(areaPieces([], [], 1)).toEqual([]);
});
