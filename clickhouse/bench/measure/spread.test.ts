import { expect, test } from 'vitest';
import { spreadOf } from './spread';

test('the 95th percentile is number ceil(0.95 N) of N, however the values come', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => 20 - i);
  expect(spreadOf(twenty)).toEqual({ p50: 10, p95: 19, worst: 20, count: 20 });
  expect(spreadOf([...twenty, 21])).toEqual({ p50: 11, p95: 20, worst: 21, count: 21 });
  expect(spreadOf([10, 9])).toEqual({ p50: 9, p95: 10, worst: 10, count: 2 });
  expect(spreadOf([4])).toEqual({ p50: 4, p95: 4, worst: 4, count: 1 });
});

test('nothing measured is not a figure that holds every bar', () => {
  expect(() => spreadOf([])).toThrow('Nothing was measured');
});
