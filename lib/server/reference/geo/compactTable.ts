import { type CompactOptions, compactTree } from '@/lib/server/reference/geo/compactTree';
import type { CityTable } from '@/lib/server/reference/geo/mmdb';
import { NOWHERE, type PlaceValues } from '@/lib/server/reference/geo/places';
import { INSIDE, OUTSIDE, type PrefixTree, ROOT } from '@/lib/server/reference/geo/prefixSet';
import { type Prefix, WIDTH } from '@/lib/server/reference/prefix';

/**
 * What an error costs in the loaded table; one prefix (about 75 bytes of memory) costs 1.
 * IPv4: a wrong country for 256 addresses is worth one prefix, a missing metro for 512; nothing is finer than /24.
 * IPv6: addresses tell nothing about hosts, so the unit is the /44 of a site; nothing is finer than /48.
 */
export const PRECISION = {
  4: { maxLength: 24, unitLength: 24 },
  6: { maxLength: 48, unitLength: 44 },
} as const;
export const VAGUE_PRICE = 0.5;

/** The tree is worked through in blocks, so that memory holds one at a time. */
const BLOCK_LENGTH = { 4: 8, 6: 16 } as const;
const TWO_32 = 2 ** 32;

/**
 * Few prefixes for a table of cities.
 * @param placeless addresses that get no place, whatever the table says (anycast)
 */
export function* compactTable(
  table: CityTable,
  values: PlaceValues,
  placeless: PrefixTree,
  onBlock: (share: number) => void = () => {},
): Generator<{ prefix: Prefix; value: number }> {
  const { version } = table;
  const { maxLength, unitLength } = PRECISION[version];
  const options: CompactOptions = {
    maxLength,
    weight: (length) => 2 ** (unitLength - length),
    vaguer: (value) => values.countryOnly(value),
    vaguePrice: VAGUE_PRICE,
  };
  const tree = joinTrees(table, values, placeless);
  for (const block of blocks(tree, version)) {
    const found: { prefix: Prefix; value: number }[] = [];
    compactTree(tree, block.node, block.length, NOWHERE, options, (bits, below, value) => {
      const length = block.length + below;
      const base = ((block.base << BigInt(below)) | BigInt(bits)) << BigInt(WIDTH[version] - length);
      found.push({ prefix: { version, base, length }, value });
    });
    yield* found;
    onBlock(tree.visited() / table.nodeCount);
  }
}

interface JoinedTree {
  root: number;
  /** Nodes of the city table seen so far: how far the work is. */
  visited(): number;
  value(node: number): number | null;
  child(node: number, bit: 0 | 1): number;
}

/** Both trees walked in step; a node is one number, made of a node of either. */
function joinTrees(table: CityTable, values: PlaceValues, placeless: PrefixTree): JoinedTree {
  const join = (set: number, city: number): number => (set + 2) * TWO_32 + city;
  const known = new Map<number, number>();
  const leafValue = (leaf: number): number => {
    const before = known.get(leaf);
    if (before !== undefined) return before;
    const value = values.ofLeaf(table, leaf);
    known.set(leaf, value);
    return value;
  };
  let visited = 0;
  return {
    root: join(ROOT, 0),
    visited: () => visited,
    value(node) {
      const set = Math.floor(node / TWO_32) - 2;
      if (set === INSIDE) return NOWHERE;
      const city = node % TWO_32;
      return set === OUTSIDE && city >= table.nodeCount ? leafValue(city) : null;
    },
    child(node, bit) {
      const set = Math.floor(node / TWO_32) - 2;
      const city = node % TWO_32;
      if (bit === 0 && city < table.nodeCount) visited += 1;
      return join(placeless.child(set, bit), city >= table.nodeCount ? city : table.child(city, bit));
    },
  };
}

function* blocks(
  tree: JoinedTree,
  version: 4 | 6,
): Generator<{ node: number; base: bigint; length: number }> {
  const stack = [{ node: tree.root, base: 0n, length: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, base, length } = top;
    if (length === BLOCK_LENGTH[version] || tree.value(node) !== null) {
      yield top;
      continue;
    }
    // The left half is worked through first: prefixes come out in the order of addresses.
    stack.push({ node: tree.child(node, 1), base: (base << 1n) | 1n, length: length + 1 });
    stack.push({ node: tree.child(node, 0), base: base << 1n, length: length + 1 });
  }
}
