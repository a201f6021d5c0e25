import 'server-only';

/** Steps of the slider, and which of them each drawn bucket belongs to. */
export interface FoldedSteps {
  starts: number[];
  end: number;
  /** of the buckets of a step together */
  seconds: number[];
  /** the step of a bucket by its start; null where there is no such bucket */
  stepOf: (start: number) => number | null;
}

/** At most so many steps, each of equally many buckets except the last: months of ten years are drawn five at a time. */
export function foldSteps(
  axis: { starts: readonly number[]; end: number; seconds: readonly number[] },
  most: number,
): FoldedSteps {
  const each = Math.max(1, Math.ceil(axis.starts.length / most));
  const index = new Map(axis.starts.map((start, i) => [start, Math.floor(i / each)]));
  const starts = axis.starts.filter((_, i) => i % each === 0);
  return {
    starts,
    end: axis.end,
    seconds: starts.map((_, s) => axis.seconds.slice(s * each, (s + 1) * each).reduce((a, b) => a + b, 0)),
    stepOf: (start) => index.get(start) ?? null,
  };
}
