import type { TimeRange } from './presets';

/** Sorted, disjoint, non-empty, half-open ranges of instants. */
export type Intervals = readonly TimeRange[];

/** Sorts and merges; ranges that touch become one. */
export function unionOf(ranges: readonly TimeRange[]): TimeRange[] {
  const merged: TimeRange[] = [];
  for (const range of [...ranges].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else merged.push({ ...range });
  }
  return merged;
}

/** The part of the intervals inside a range. */
export function within(intervals: Intervals, range: TimeRange): TimeRange[] {
  const kept: TimeRange[] = [];
  for (const interval of intervals) {
    const from = Math.max(interval.from, range.from);
    const to = Math.min(interval.to, range.to);
    if (from < to) kept.push({ from, to });
  }
  return kept;
}

/** Seconds the intervals hold. */
export function secondsOf(intervals: Intervals): number {
  return intervals.reduce((sum, { from, to }) => sum + to - from, 0);
}

/**
 * Seconds of the intervals inside each bucket [starts[i], starts[i + 1]), the last one ending at `end`. One pass: a year of
 * five-minute buckets against thousands of intervals stays linear.
 */
export function secondsByBucket(intervals: Intervals, starts: readonly number[], end: number): number[] {
  const seconds = new Array<number>(starts.length).fill(0);
  let first = 0;
  starts.forEach((start, index) => {
    const stop = starts[index + 1] ?? end;
    let interval = intervals[first];
    while (interval && interval.to <= start) {
      first += 1;
      interval = intervals[first];
    }
    for (let i = first; interval && interval.from < stop; i += 1, interval = intervals[i]) {
      seconds[index] = (seconds[index] ?? 0) + Math.min(interval.to, stop) - Math.max(interval.from, start);
    }
  });
  return seconds;
}
