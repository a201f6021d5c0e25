import { type Prefix, WIDTH } from '@/lib/server/reference/prefix';

/** A set of prefixes as a binary tree, walked beside another tree. */
export interface PrefixTree {
  /** Number of a child; INSIDE where the whole of it is in the set, OUTSIDE where none of it is. */
  child(node: number, bit: 0 | 1): number;
}

export const OUTSIDE = -1;
export const INSIDE = -2;
export const ROOT = 0;

export function prefixTree(prefixes: Iterable<Prefix>, version: 4 | 6): PrefixTree {
  const children: number[] = [OUTSIDE, OUTSIDE];
  for (const prefix of prefixes) {
    if (prefix.version === version && prefix.length > 0) insert(children, prefix);
  }
  return { child: (node, bit) => (node < 0 ? node : (children[node * 2 + bit] ?? OUTSIDE)) };
}

function insert(children: number[], { base, length, version }: Prefix): void {
  let node = ROOT;
  for (let depth = 0; depth < length; depth += 1) {
    const slot = node * 2 + Number((base >> BigInt(WIDTH[version] - 1 - depth)) & 1n);
    const next = children[slot] ?? OUTSIDE;
    if (next === INSIDE) return;
    if (depth === length - 1) {
      children[slot] = INSIDE;
      return;
    }
    if (next === OUTSIDE) {
      children[slot] = children.length / 2;
      children.push(OUTSIDE, OUTSIDE);
    }
    node = children[slot] ?? ROOT;
  }
}
