/**
 * Makes few prefixes out of a tree of millions of networks, for look-ups by the longest prefix.
 *
 * A tree stands for a map address -> value. The same map, or nearly the same, can be written with far fewer prefixes than
 * the tree has leaves, since a short prefix may hold the value of most and longer ones inside it the exceptions. This
 * finds the set of least cost, where a prefix costs 1 and an address with a wrong value costs what `weight` says: the
 * classical construction of optimal routing tables (Draves et al., ORTC, 1999), with a price on errors in place of "none".
 *
 * For each node, bottom up: what would its addresses cost if they inherited value v? At most 1 more than the best value
 * costs, since a prefix at this node could set that. So only the few values below this bound are kept (`candidates`), and
 * all others cost `other`. Top down, each node takes what it inherits, or where that is dearer gets a prefix of its own.
 */

/** The source tree: a node is a number, children are nodes or leaves. */
export interface SourceTree<N> {
  /** Value of a leaf, or null where the node has children. */
  value(node: N): number | null;
  child(node: N, bit: 0 | 1): N;
}

export interface CompactOptions {
  /** No prefix is longer than this: what is finer is decided by majority. */
  maxLength: number;
  /** Price of a wrong value for all addresses of a prefix of this length; a prefix costs 1. */
  weight(length: number): number;
  /** A value that says less, but nothing wrong (a country without its metro), and its price relative to a wrong one. */
  vaguer(value: number): number;
  vaguePrice: number;
}

/** Values that a node keeps apart. More gained under 0.1 % on the city table. */
const MAX_CANDIDATES = 8;
const CLOSE = 1e-9;

/**
 * @param root root of the (sub)tree, `rootLength` its depth
 * @param inherited value that addresses have without any prefix
 * @param emit is called with the path below the root (bits, most significant first), outer prefixes before inner ones
 */
export function compactTree<N>(
  source: SourceTree<N>,
  root: N,
  rootLength: number,
  inherited: number,
  options: CompactOptions,
  emit: (path: readonly (0 | 1)[], value: number) => void,
): void {
  const nodes = new NodeStore();
  const costs = new CostBuilder(source, options, nodes);
  const top = costs.build(root, rootLength);
  const path: (0 | 1)[] = [];
  const descend = (node: number, from: number): void => {
    const value = nodes.keeps(node, from) ? from : nodes.best(node);
    if (value !== from) emit(path, value);
    const children = nodes.children(node);
    if (children === null) return;
    for (const bit of [0, 1] as const) {
      path.push(bit);
      descend(children[bit], value);
      path.pop();
    }
  };
  descend(top, inherited);
}

/** What inheriting a value costs: a few values by name, all others alike. */
interface Costs {
  candidates: Map<number, number>;
  other: number;
}

class CostBuilder<N> {
  constructor(
    private readonly source: SourceTree<N>,
    private readonly options: CompactOptions,
    private readonly nodes: NodeStore,
  ) {}

  build(node: N, length: number): number {
    const value = this.source.value(node);
    if (value !== null) return this.nodes.add(bound(this.leafCosts(value, length)), null, value);
    if (length >= this.options.maxLength) return this.nodes.add(bound(this.below(node, length)), null, null);
    const left = this.build(this.source.child(node, 0), length + 1);
    const right = this.build(this.source.child(node, 1), length + 1);
    const pure = this.nodes.pureValue(left);
    if (pure !== null && pure === this.nodes.pureValue(right)) {
      this.nodes.dropLast(2);
      return this.nodes.add(bound(this.leafCosts(pure, length)), null, pure);
    }
    return this.nodes.add(bound(add(this.nodes.costs(left), this.nodes.costs(right))), [left, right], null);
  }

  /** Below the longest prefix nothing can be set apart: costs only add up. */
  private below(node: N, length: number): Costs {
    const value = this.source.value(node);
    if (value !== null) return this.leafCosts(value, length);
    return add(
      this.below(this.source.child(node, 0), length + 1),
      this.below(this.source.child(node, 1), length + 1),
    );
  }

  private leafCosts(value: number, length: number): Costs {
    const wrong = this.options.weight(length);
    const vaguer = this.options.vaguer(value);
    const candidates = new Map([[value, 0]]);
    if (vaguer !== value) candidates.set(vaguer, wrong * this.options.vaguePrice);
    return { candidates, other: wrong };
  }
}

function add(a: Costs, b: Costs): Costs {
  const candidates = new Map<number, number>();
  for (const [value, cost] of a.candidates)
    candidates.set(value, cost + (b.candidates.get(value) ?? b.other));
  for (const [value, cost] of b.candidates)
    if (!a.candidates.has(value)) candidates.set(value, cost + a.other);
  return { candidates, other: a.other + b.other };
}

/** Nothing costs more than a prefix at this node with the best value. Keeps the cheapest candidates that this leaves. */
function bound({ candidates, other }: Costs): Costs {
  const least = Math.min(...candidates.values());
  const ceiling = Math.min(other, least + 1);
  // The cheapest always stays: it is what a prefix at this node would say.
  let kept = [...candidates].filter(([, cost]) => cost === least || cost < ceiling - CLOSE);
  if (kept.length > MAX_CANDIDATES) kept = kept.sort((a, b) => a[1] - b[1]).slice(0, MAX_CANDIDATES);
  return { candidates: new Map(kept), other: ceiling };
}

/** Nodes in the order they are made. */
class NodeStore {
  private readonly all: { costs: Costs; children: readonly [number, number] | null; pure: number | null }[] =
    [];

  add(costs: Costs, children: readonly [number, number] | null, pure: number | null): number {
    return this.all.push({ costs, children, pure }) - 1;
  }

  dropLast(count: number): void {
    this.all.length -= count;
  }

  costs(node: number): Costs {
    return this.at(node).costs;
  }

  children(node: number): readonly [number, number] | null {
    return this.at(node).children;
  }

  /** The value of a node all of whose addresses have one. */
  pureValue(node: number): number | null {
    return this.at(node).pure;
  }

  /** True where inheriting the value is no dearer than a prefix of its own. */
  keeps(node: number, value: number): boolean {
    const { candidates, other } = this.at(node).costs;
    return candidates.has(value) || other < Math.min(...candidates.values()) + 1 - CLOSE;
  }

  best(node: number): number {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [value, cost] of this.at(node).costs.candidates) {
      if (cost < least) [best, least] = [value, cost];
    }
    return best;
  }

  private at(node: number): {
    costs: Costs;
    children: readonly [number, number] | null;
    pure: number | null;
  } {
    const found = this.all[node];
    if (found === undefined) throw new Error(`node ${node} was never made`);
    return found;
  }
}
