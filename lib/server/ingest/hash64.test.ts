import { expect, test } from 'vitest';
import { Hash64 } from './hash64';

function hashOf(feed: (hash: Hash64) => void): string {
  const hash = new Hash64();
  feed(hash);
  const { high, low } = hash.end();
  return `${high}:${low}`;
}

test('the same input gives the same hash, after a reset too', () => {
  const hash = new Hash64();
  hash.text('flow');
  hash.wide(2 ** 40);
  const first = hash.end();
  hash.reset();
  hash.text('flow');
  hash.wide(2n ** 40n);
  expect(hash.end()).toEqual(first);
});

test('order, length and the high half of wide numbers count', () => {
  const inputs = [
    hashOf((h) => h.word(0)),
    hashOf((h) => {
      h.word(0);
      h.word(0);
    }),
    hashOf((h) => {
      h.word(1);
      h.word(2);
    }),
    hashOf((h) => {
      h.word(2);
      h.word(1);
    }),
    hashOf((h) => h.wide(5)),
    hashOf((h) => h.wide(5 + 2 ** 33)),
    hashOf((h) => h.wide(5n + 2n ** 63n)),
    hashOf((h) => h.text('ab')),
    hashOf((h) => {
      h.text('a');
      h.text('b');
    }),
    hashOf((h) => h.bytes(Uint8Array.of(1, 2, 3, 4, 5))),
    hashOf((h) => h.bytes(Uint8Array.of(1, 2, 3, 4))),
  ];
  expect(new Set(inputs).size).toBe(inputs.length);
});

test('200,000 numbers that differ in few bits give 200,000 hashes, spread over all buckets', () => {
  const seen = new Set<bigint>();
  const buckets = new Uint32Array(256);
  const hash = new Hash64();
  for (let i = 0; i < 200_000; i += 1) {
    hash.reset();
    hash.word(i & 1023);
    hash.word(i >> 10);
    const { high, low } = hash.end();
    seen.add((BigInt(high) << 32n) | BigInt(low));
    buckets[low & 255] = (buckets[low & 255] ?? 0) + 1;
  }
  expect(seen.size).toBe(200_000);
  // 781 expected; six standard deviations are 168.
  for (const count of buckets) expect(Math.abs(count - 781)).toBeLessThan(168);
});
