/** Values that a node keeps apart from all others. More gain under 0.1 % of the prefixes of the city table. */
const MAX_CANDIDATES = 8;
const NONE = -1;
/** Sums of weights differ in their last bits with the order in which they are added. */
const CLOSE = 1e-9;

/**
 * For each node of a tree: what it costs when its addresses inherit a value. A few candidates have costs of their own, all
 * other values cost the same. Kept in flat arrays, as a tree has millions of nodes: objects took four times as long.
 *
 * Nodes are made children first, so the newest nodes can be taken back.
 */
export class CostNodes {
  size = 0;
  private lefts = new Int32Array(1024);
  private rights = new Int32Array(1024);
  private pures = new Int32Array(1024);
  private others = new Float64Array(1024);
  /** Candidates of node n: entries from starts[n] up to starts[n + 1]. */
  private starts = new Int32Array(1025);
  private values = new Int32Array(4096);
  private prices = new Float64Array(4096);

  /**
   * Addresses that all have one value; `vaguer` may equal it.
   * @param mayHavePrefix as for add
   */
  addLeaf(
    value: number,
    vaguer: number,
    vaguerCost: number,
    wrongCost: number,
    mayHavePrefix: boolean,
  ): number {
    this.grow();
    const other = mayHavePrefix ? Math.min(wrongCost, 1) : wrongCost;
    let end = this.starts[this.size] ?? 0;
    this.values[end] = value;
    this.prices[end] = 0;
    end += 1;
    if (vaguer !== value && vaguerCost < other - CLOSE) {
      this.values[end] = vaguer;
      this.prices[end] = vaguerCost;
      end += 1;
    }
    return this.finish(end, NONE, NONE, value, other);
  }

  /**
   * A node over two others.
   * @param mayHavePrefix bounds the cost of every value by 1 more than the least, since a prefix could be put here
   */
  add(left: number, right: number, mayHavePrefix: boolean): number {
    this.grow();
    const start = this.starts[this.size] ?? 0;
    const otherLeft = this.others[left] ?? 0;
    const otherRight = this.others[right] ?? 0;
    let end = this.addCandidates(start, start, left, right, otherRight);
    end = this.addCandidates(start, end, right, left, otherLeft);
    let other = otherLeft + otherRight;
    if (mayHavePrefix) {
      other = Math.min(other, this.least(start, end) + 1);
      end = this.prune(start, end, other);
    }
    const pure = this.pure(left) === this.pure(right) ? this.pure(left) : NONE;
    return this.finish(end, left, right, pure, other);
  }

  /** Takes back every node from `first` on and puts the costs of `node` there: a node without children that may have a prefix. */
  collapse(first: number, node: number): number {
    const from = this.starts[node] ?? 0;
    const count = (this.starts[node + 1] ?? 0) - from;
    const start = this.starts[first] ?? 0;
    const pure = this.pure(node);
    const other = Math.min(this.others[node] ?? 0, this.least(from, from + count) + 1);
    this.values.copyWithin(start, from, from + count);
    this.prices.copyWithin(start, from, from + count);
    this.truncate(first);
    return this.finish(this.prune(start, start + count, other), NONE, NONE, pure, other);
  }

  truncate(size: number): void {
    this.size = size;
  }

  left(node: number): number {
    return this.lefts[node] ?? NONE;
  }

  right(node: number): number {
    return this.rights[node] ?? NONE;
  }

  /** The value of a node all of whose addresses have it, else below zero. */
  pure(node: number): number {
    return this.pures[node] ?? NONE;
  }

  /** True where inheriting the value is no dearer than a prefix of its own. */
  keeps(node: number, value: number): boolean {
    const end = this.starts[node + 1] ?? 0;
    for (let at = this.starts[node] ?? 0; at < end; at += 1) if (this.values[at] === value) return true;
    return (this.others[node] ?? 0) < this.least(this.starts[node] ?? 0, end) + 1 - CLOSE;
  }

  /** The value that costs least. */
  best(node: number): number {
    const start = this.starts[node] ?? 0;
    const end = this.starts[node + 1] ?? 0;
    let best = start;
    for (let at = start; at < end; at += 1) if ((this.prices[at] ?? 0) < (this.prices[best] ?? 0)) best = at;
    return this.values[best] ?? NONE;
  }

  /** Appends the candidates of one child that are not there yet, with what they cost in both. */
  private addCandidates(
    start: number,
    endBefore: number,
    child: number,
    sibling: number,
    siblingOther: number,
  ): number {
    let end = endBefore;
    const childEnd = this.starts[child + 1] ?? 0;
    const siblingStart = this.starts[sibling] ?? 0;
    const siblingEnd = this.starts[sibling + 1] ?? 0;
    for (let at = this.starts[child] ?? 0; at < childEnd; at += 1) {
      const value = this.values[at] ?? NONE;
      if (this.indexOf(value, start, endBefore) !== NONE) continue;
      const twin = this.indexOf(value, siblingStart, siblingEnd);
      this.reserve(end);
      this.values[end] = value;
      this.prices[end] = (this.prices[at] ?? 0) + (twin === NONE ? siblingOther : (this.prices[twin] ?? 0));
      end += 1;
    }
    return end;
  }

  private indexOf(value: number, start: number, end: number): number {
    for (let at = start; at < end; at += 1) if (this.values[at] === value) return at;
    return NONE;
  }

  private least(start: number, end: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let at = start; at < end; at += 1) least = Math.min(least, this.prices[at] ?? 0);
    return least;
  }

  /** Drops candidates that are no cheaper than any other value; the cheapest always stays. @returns the new end */
  private prune(start: number, end: number, other: number): number {
    const least = this.least(start, end);
    const ceiling = other - CLOSE;
    let kept = start;
    for (let at = start; at < end; at += 1) {
      const price = this.prices[at] ?? 0;
      if (price !== least && price >= ceiling) continue;
      this.values[kept] = this.values[at] ?? NONE;
      this.prices[kept] = price;
      kept += 1;
    }
    while (kept - start > MAX_CANDIDATES) {
      let dearest = start;
      for (let at = start; at < kept; at += 1)
        if ((this.prices[at] ?? 0) >= (this.prices[dearest] ?? 0)) dearest = at;
      kept -= 1;
      this.values[dearest] = this.values[kept] ?? NONE;
      this.prices[dearest] = this.prices[kept] ?? 0;
    }
    return kept;
  }

  private finish(end: number, left: number, right: number, pure: number, other: number): number {
    const node = this.size;
    this.lefts[node] = left;
    this.rights[node] = right;
    this.pures[node] = pure;
    this.others[node] = other;
    this.starts[node + 1] = end;
    this.size = node + 1;
    return node;
  }

  private grow(): void {
    if (this.size + 2 > this.lefts.length) {
      this.lefts = doubled(this.lefts);
      this.rights = doubled(this.rights);
      this.pures = doubled(this.pures);
      this.others = doubledFloats(this.others);
      this.starts = doubled(this.starts);
    }
    this.reserve((this.starts[this.size] ?? 0) + 2);
  }

  private reserve(end: number): void {
    if (end + 2 <= this.values.length) return;
    this.values = doubled(this.values);
    this.prices = doubledFloats(this.prices);
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2 + 1);
  larger.set(array);
  return larger;
}

function doubledFloats(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2 + 1);
  larger.set(array);
  return larger;
}
