/**
 * Makes few prefixes out of a tree of millions of networks, for look-ups by the longest prefix.
 *
 * A tree stands for a map address -> value. The same map, or nearly the same, can be written with far fewer prefixes than
 * the tree has leaves, since a short prefix may hold the value of most and longer ones inside it the exceptions. This
 * finds the set of least cost, where a prefix costs 1 and an address with a wrong value costs what `weight` says: the
 * classical construction of optimal routing tables (Draves et al., ORTC, 1999), with a price on errors in place of "none".
 *
 * For each node, bottom up: what would its addresses cost if they inherited value v? At most 1 more than the best value
 * costs, since a prefix at this node could set that. So only the few values below this bound are kept (the candidates), and
 * all others cost alike. Top down, each node takes what it inherits, or where that is dearer gets a prefix of its own.
 */
import { CostNodes } from '@/lib/server/reference/geo/costNodes';

/** The source tree: a node is a number, children are nodes or leaves. */
export interface SourceTree {
  /** Value of a leaf, or null where the node has children. */
  value(node: number): number | null;
  child(node: number, bit: 0 | 1): number;
}

export interface CompactOptions {
  /** No prefix is longer than this: what is finer is decided by majority. At most 52 below the root. */
  maxLength: number;
  /** Price of a wrong value for all addresses of a prefix of this length; a prefix costs 1. */
  weight(length: number): number;
  /** A value that says less, but nothing wrong (a country without its metro); the value itself where there is none. */
  vaguer(value: number): number;
  /** Price of the vaguer value, relative to a wrong one. */
  vaguePrice: number;
}

/**
 * @param root root of the (sub)tree, `rootLength` its depth
 * @param inherited value that addresses have without any prefix
 * @param emit is called with the bits below the root as a number, how many they are, and the value; outer prefixes come
 *   before inner ones
 */
export function compactTree(
  source: SourceTree,
  root: number,
  rootLength: number,
  inherited: number,
  options: CompactOptions,
  emit: (bits: number, length: number, value: number) => void,
): void {
  const costs = new CostNodes();
  const top = build(source, options, costs, root, rootLength);
  const descend = (node: number, from: number, bits: number, length: number): void => {
    const value = costs.keeps(node, from) ? from : costs.best(node);
    if (value !== from) emit(bits, length, value);
    const left = costs.left(node);
    if (left < 0) return;
    descend(left, value, bits * 2, length + 1);
    descend(costs.right(node), value, bits * 2 + 1, length + 1);
  };
  descend(top, inherited, 0, 0);
}

function build(
  source: SourceTree,
  options: CompactOptions,
  costs: CostNodes,
  node: number,
  length: number,
): number {
  const value = source.value(node);
  if (value !== null) return leaf(options, costs, value, length);
  if (length >= options.maxLength) return majority(source, options, costs, node, length);
  const first = costs.size;
  const left = build(source, options, costs, source.child(node, 0), length + 1);
  const right = build(source, options, costs, source.child(node, 1), length + 1);
  const pure = costs.pure(left);
  if (pure < 0 || pure !== costs.pure(right)) return costs.add(left, right, true);
  // Both halves have one value: nothing below has to be remembered.
  costs.truncate(first);
  return leaf(options, costs, pure, length);
}

function leaf(options: CompactOptions, costs: CostNodes, value: number, length: number): number {
  const wrong = options.weight(length);
  return costs.addLeaf(value, options.vaguer(value), wrong * options.vaguePrice, wrong, true);
}

/** A node of the greatest length: nothing below it can be set apart, so what is wrong there only adds up. */
function majority(
  source: SourceTree,
  options: CompactOptions,
  costs: CostNodes,
  node: number,
  length: number,
): number {
  const first = costs.size;
  const sum = (below: number, depth: number): number => {
    const value = source.value(below);
    if (value !== null) {
      const wrong = options.weight(depth);
      return costs.addLeaf(value, options.vaguer(value), wrong * options.vaguePrice, wrong, false);
    }
    const left = sum(source.child(below, 0), depth + 1);
    const right = sum(source.child(below, 1), depth + 1);
    return costs.add(left, right, false);
  };
  return costs.collapse(first, sum(node, length));
}
