import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentKeys } from './recentKeys';

test('a key is found within the window, and not after it', () => {
  const keys = new RecentKeys({ windowSeconds: 3600 });
  keys.add(1, 2, 10_000, 7);
  expect(keys.has(1, 2, 10_000, 8)).toBe(true);
  expect(keys.has(1, 2, 13_599, 8)).toBe(true);
  expect(keys.has(1, 2, 13_600, 8)).toBe(false);
  expect(keys.has(2, 1, 10_000, 8)).toBe(false);
});

test('a batch does not find its own keys', () => {
  const keys = new RecentKeys();
  keys.add(1, 2, 10_000, 7);
  expect(keys.has(1, 2, 10_001, 7)).toBe(false);
});

test('what was loaded later but seen earlier does not make a key older', () => {
  const keys = new RecentKeys({ windowSeconds: 100 });
  keys.add(1, 2, 1_000, 7);
  keys.add(1, 2, 950, 8);
  expect(keys.has(1, 2, 1_090, 9)).toBe(true);
});

test('at the limit the oldest are forgotten, the newest stay', () => {
  const keys = new RecentKeys({ windowSeconds: 1_000_000, limit: 4_000 });
  for (let i = 1; i <= 20_000; i += 1) keys.add(i, i * 31, 1_000 + i, 1);
  expect(keys.size).toBeLessThan(12_000);
  for (let i = 19_000; i <= 20_000; i += 1) expect(keys.has(i, i * 31, 21_000, 2)).toBe(true);
  expect(keys.has(1, 31, 21_000, 2)).toBe(false);
});

test('it answers as a plain map would', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 3 }), fc.boolean()), {
        maxLength: 6_000,
      }),
      (steps) => {
        const keys = new RecentKeys({ windowSeconds: 50 });
        const plain = new Map<number, { at: number; tag: number }>();
        for (const [i, [key, tag, add]] of steps.entries()) {
          const now = 1_000 + Math.floor(i / 10);
          if (add) {
            keys.add(key, key ^ 0x55, now, tag);
            plain.set(key, { at: now, tag });
          } else {
            const known = plain.get(key);
            const expected = known !== undefined && known.at + 50 > now && known.tag !== tag;
            expect(keys.has(key, key ^ 0x55, now, tag)).toBe(expected);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});
