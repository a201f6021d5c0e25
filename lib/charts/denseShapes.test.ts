import { expect, test } from 'vitest';
import type { Point } from './areaShapes';
import { areAlike, areDense, type PathShape } from './denseShapes';

const level = (y: number): Point[] => Array.from({ length: 65 }, (_, i): Point => [4 + i / 4, y]);
const area: PathShape = { kind: 'area', upper: level(10), lower: level(30), fill: '#ff0000' };
const line: PathShape = { kind: 'line', points: level(10), stroke: '#ff0000', width: 1 };

test('shapes are dense where each has more points than columns of device pixels', () => {
  expect(areDense([area], 1)).toBe(true);
  expect(areDense([area, area], 4)).toBe(true);
  expect(areDense([line], 5)).toBe(false);
  expect(areDense([area, { ...area, upper: [], lower: [] }], 1)).toBe(false);
});

const rule: PathShape = {
  ...line,
  points: [
    [4, 0],
    [4, 30],
  ],
};

test('straight rules are painted as paths, each by itself', () => {
  expect(areAlike(line, { ...line, dash: [2, 2] })).toBe(true);
  expect(areAlike(line, rule)).toBe(false);
  expect(areAlike(rule, rule)).toBe(false);
  expect(areDense([rule], 1)).toBe(false);
});

test('areas and lines are painted apart', () => {
  expect(areAlike(area, area)).toBe(true);
  expect(areAlike(area, line)).toBe(false);
  expect(areAlike(area, undefined)).toBe(false);
});
