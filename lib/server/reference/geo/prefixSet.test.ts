import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INSIDE, prefixTree, ROOT } from '@/lib/server/reference/geo/prefixSet';
import { contains, type Prefix } from '@/lib/server/reference/prefix';

const prefix: fc.Arbitrary<Prefix> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 63 }))
  .map(([length, bits]) => ({
    version: 4,
    length,
    base: BigInt(bits >> (6 - length)) << BigInt(32 - length),
  }));

test('an address is inside exactly when a prefix of the set contains it', () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 6 }), (prefixes) => {
      const tree = prefixTree(prefixes, 4);
      for (let address = 0; address < 64; address += 1) {
        let node: number = ROOT;
        for (let shift = 5; shift >= 0; shift -= 1)
          node = tree.child(node, ((address >> shift) & 1) as 0 | 1);
        const inside = prefixes.some((outer) =>
          contains(outer, { version: 4, base: BigInt(address) << 26n, length: 6 }),
        );
        expect(node === INSIDE).toBe(inside);
      }
    }),
  );
});
