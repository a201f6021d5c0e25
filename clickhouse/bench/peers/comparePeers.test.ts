import { expect, test } from 'vitest';
import { firstDifference, missingShare } from './comparePeers';

const sums = (...rows: [string, string][]) => rows.map(([key, bytes]) => ({ keys: [key], bytes }));

test('sums must be equal, key by key', () => {
  expect(firstDifference(sums(['a', '5'], ['b', '3']), sums(['b', '3'], ['a', '5']))).toBeNull();
  expect(firstDifference(sums(['a', '5']), sums(['a', '6']))).toBe('a: ours has 5 bytes, the peer 6');
  expect(firstDifference(sums(['a', '5']), sums(['a', '5'], ['b', '0']))).toMatch(/^b: ours has no/);
  expect(firstDifference([], [])).toBe('ours has no rows');
});

test('a list of the heaviest may lack a little of a sum, and have nothing too much', () => {
  const theirs = sums(['a', '100000']);
  expect(firstDifference(sums(['a', '99900']), theirs, 0.001)).toBeNull();
  expect(firstDifference(sums(['a', '99899']), theirs, 0.001)).toMatch(/ours has 99899/);
  expect(firstDifference(sums(['a', '100001']), theirs, 0.001)).toMatch(/ours has 100001/);
  expect(firstDifference(sums(['c', '100000']), theirs, 0.001)).not.toBeNull();
  expect(missingShare(sums(['a', '99900']), theirs)).toBeCloseTo(0.001, 12);
  expect(missingShare(sums(['a', '100000']), theirs)).toBe(0);
});
