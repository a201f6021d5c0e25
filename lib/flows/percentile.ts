/** Number ceil(0.95 N), counted from 1, of N values in ascending order: of 20 values the 19th. In integers, as 0.95 x 20 is not 19 in binary. */
export function rankOfP95(count: number): number {
  return Math.ceil((95 * count) / 100);
}

/** The 95th percentile of values in ascending order; null of none. */
export function p95Of<Value>(ascending: readonly Value[]): Value | null {
  return ascending[rankOfP95(ascending.length) - 1] ?? null;
}
