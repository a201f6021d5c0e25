import { expect, test } from 'vitest';
import { firstDifference } from './comparePeers';

const sums = (...rows: [string, string][]) => rows.map(([key, bytes]) => ({ keys: [key], bytes }));

test('sums must be equal, key by key', () => {
  expect(firstDifference(sums(['a', '5'], ['b', '3']), sums(['b', '3'], ['a', '5']))).toBeNull();
  expect(firstDifference(sums(['a', '5']), sums(['a', '6']))).toBe('a: ours has 5 bytes, the peer 6');
  expect(firstDifference(sums(['a', '5']), sums(['a', '5'], ['b', '0']))).toMatch(/^b: ours has no/);
  expect(firstDifference([], [])).toBe('ours has no rows');
});
