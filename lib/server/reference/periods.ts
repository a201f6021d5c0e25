import { FIRST_DAY, LAST_DAY } from '@/lib/server/reference/day';

/** A value that holds from one UTC day to another, both included. */
export interface Period<V> {
  from: number;
  to: number;
  value: V;
}

/** A value without dates. */
export function always<V>(value: V): Period<V> {
  return { from: FIRST_DAY, to: LAST_DAY, value };
}

/**
 * Periods in the order of their strength, strongest first, become periods that do not overlap: each day keeps the
 * value of the strongest period that covers it. ClickHouse's range dictionaries promise nothing about overlaps, so every
 * table with dates is written this way.
 * @returns periods by day, neighbours of one value joined
 */
export function layer<V>(strongestFirst: readonly Period<V>[]): Period<V>[] {
  const edges = new Set<number>();
  for (const { from, to } of strongestFirst) edges.add(from).add(to + 1);
  const days = [...edges].sort((a, b) => a - b);
  const result: Period<V>[] = [];
  for (const [index, from] of days.entries()) {
    const next = days[index + 1];
    if (next === undefined) break;
    const strongest = strongestFirst.find((period) => period.from <= from && from <= period.to);
    if (strongest === undefined) continue;
    const last = result.at(-1);
    if (last !== undefined && last.to === from - 1 && last.value === strongest.value) last.to = next - 1;
    else result.push({ from, to: next - 1, value: strongest.value });
  }
  return result;
}

/** The first two periods that share a day, or null. */
export function findOverlap<V>(periods: readonly Period<V>[]): [Period<V>, Period<V>] | null {
  const sorted = [...periods].sort((a, b) => a.from - b.from);
  for (const [index, period] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && next.from <= period.to) return [period, next];
  }
  return null;
}
