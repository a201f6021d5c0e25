import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompactOptions, compactTree, type SourceTree } from '@/lib/server/reference/geo/compactTree';

/** A tree as nested pairs; a number is a leaf. */
type Tree = number | [Tree, Tree];

const DEPTH = 6;
/** Values 1, 2 | 11, 12 | 21 belong to the vaguer values 0 | 10 | 20. */
const vaguer = (value: number) => value - (value % 10);
const leafValue = fc.constantFrom(0, 1, 2, 10, 11, 12, 21);
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; pair: [Tree, Tree] }>((tie) => ({
  tree: fc.oneof({ depthSize: 'max', maxDepth: DEPTH, withCrossShrink: true }, leafValue, tie('pair')),
  pair: fc.tuple(tie('tree'), tie('tree')),
})).tree;

function sourceOf(root: Tree): { source: SourceTree; root: number } {
  const nodes: Tree[] = [root];
  const numbers = new Map<Tree, number>([[root, 0]]);
  return {
    root: 0,
    source: {
      value: (node) => {
        const found = nodes[node];
        return typeof found === 'number' ? found : null;
      },
      child: (node, bit) => {
        const found = nodes[node];
        const child = Array.isArray(found) ? found[bit] : 0;
        const known = typeof child === 'number' ? undefined : numbers.get(child);
        if (known !== undefined) return known;
        nodes.push(child);
        if (typeof child !== 'number') numbers.set(child, nodes.length - 1);
        return nodes.length - 1;
      },
    },
  };
}

/** Values of the 2^DEPTH addresses. */
function addresses(root: Tree, depth = 0): number[] {
  if (typeof root === 'number') return Array.from({ length: 2 ** (DEPTH - depth) }, () => root);
  return [...addresses(root[0], depth + 1), ...addresses(root[1], depth + 1)];
}

function compact(root: Tree, options: CompactOptions): { bits: number; length: number; value: number }[] {
  const prefixes: { bits: number; length: number; value: number }[] = [];
  const { source, root: node } = sourceOf(root);
  compactTree(source, node, 0, 0, options, (bits, length, value) => prefixes.push({ bits, length, value }));
  return prefixes;
}

/** What a look-up by the longest prefix answers for each address; 0 without any. */
function lookUp(prefixes: { bits: number; length: number; value: number }[]): number[] {
  const longestFirst = [...prefixes].sort((a, b) => b.length - a.length);
  return Array.from({ length: 2 ** DEPTH }, (_, address) => {
    const found = longestFirst.find(
      ({ bits, length }) => Math.floor(address / 2 ** (DEPTH - length)) === bits,
    );
    return found?.value ?? 0;
  });
}

const optionsOf = (pricePerAddress: number, maxLength: number): CompactOptions => ({
  maxLength,
  weight: (length) => pricePerAddress * 2 ** (DEPTH - length),
  vaguer,
  vaguePrice: 0.5,
});

function errorCost(wanted: number, found: number, price: number): number {
  if (wanted === found) return 0;
  return found === vaguer(wanted) ? price / 2 : price;
}

/** The least possible cost, by trying every value at every node. */
function leastCost(root: Tree, price: number, maxLength: number): number {
  const values = [0, 1, 2, 10, 11, 12, 20, 21];
  const costs = (at: Tree, depth: number): Map<number, number> => {
    let own: Map<number, number>;
    if (typeof at === 'number' || depth === maxLength) {
      const inside = addresses(at, depth);
      own = new Map(
        values.map((value) => [
          value,
          inside.reduce((sum, wanted) => sum + errorCost(wanted, value, price), 0),
        ]),
      );
    } else {
      const [left, right] = [costs(at[0], depth + 1), costs(at[1], depth + 1)];
      own = new Map(values.map((value) => [value, (left.get(value) ?? 0) + (right.get(value) ?? 0)]));
    }
    const least = Math.min(...own.values());
    return new Map([...own].map(([value, cost]) => [value, Math.min(cost, least + 1)]));
  };
  return costs(root, 0).get(0) ?? Number.NaN;
}

describe('compactTree', () => {
  test('where an error costs more than any prefix, every look-up answers as the tree does', () => {
    fc.assert(
      fc.property(tree, (root) => {
        expect(lookUp(compact(root, optionsOf(1000, DEPTH)))).toEqual(addresses(root));
      }),
      { numRuns: 500 },
    );
  });

  test('prefixes and errors together cost the least that is possible', () => {
    const setting = fc.constantFrom([0.02, DEPTH], [0.1, DEPTH], [0.6, DEPTH], [0.1, 3], [3, 4]);
    fc.assert(
      fc.property(tree, setting, (root, [price = 1, maxLength = DEPTH]) => {
        const prefixes = compact(root, optionsOf(price, maxLength));
        const wanted = addresses(root);
        const errors = lookUp(prefixes).reduce(
          (sum, found, index) => sum + errorCost(wanted[index] ?? 0, found, price),
          0,
        );
        expect(prefixes.length + errors).toBeCloseTo(leastCost(root, price, maxLength), 6);
        expect(Math.max(0, ...prefixes.map(({ length }) => length))).toBeLessThanOrEqual(maxLength);
      }),
      { numRuns: 1000 },
    );
  });

  test('an exception inside a large network takes two prefixes, and none of it where the tree says nothing', () => {
    const exception: Tree = [[[[[12, 11], 11], 11], 11], 11];
    expect(compact(exception, optionsOf(1000, DEPTH))).toEqual([
      { bits: 0, length: 0, value: 11 },
      { bits: 0, length: 5, value: 12 },
    ]);
    expect(compact(0, optionsOf(1000, DEPTH))).toEqual([]);
  });

  test('a mixture that no prefix is worth gets the vaguer value, not a wrong one', () => {
    const mixed: Tree = [
      [11, 12],
      [12, 11],
    ];
    expect(compact(mixed, { ...optionsOf(0.05, DEPTH), vaguePrice: 0.1 })).toEqual([
      { bits: 0, length: 0, value: 10 },
    ]);
  });
});
