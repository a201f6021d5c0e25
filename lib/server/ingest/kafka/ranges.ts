/** Offsets from `from` up to and without `to`. */
export interface Range {
  from: number;
  to: number;
}

/** The same offsets in as few ranges as possible, in order. */
export function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else if (range.to > range.from) result.push({ ...range });
  }
  return result;
}

/** What `within` has and the taken ranges (merged, in order) do not. */
export function gaps(within: Range, taken: readonly Range[]): Range[] {
  const result: Range[] = [];
  let at = within.from;
  for (const { from, to } of taken) {
    if (to <= at) continue;
    if (from >= within.to) break;
    if (from > at) result.push({ from: at, to: from });
    at = to;
  }
  if (at < within.to) result.push({ from: at, to: within.to });
  return result;
}

/** Ranges joined where fewer than `apart` offsets lie between them: one query more costs more than passing over those. */
export function joined(ranges: readonly Range[], apart: number): Range[] {
  const result: Range[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last !== undefined && range.from - last.to < apart) last.to = range.to;
    else result.push({ ...range });
  }
  return result;
}

/** Whether one of the ranges (merged, in order) has the offset. */
export function holds(ranges: readonly Range[], offset: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle] as Range;
    if (offset < range.from) high = middle - 1;
    else if (offset >= range.to) low = middle + 1;
    else return true;
  }
  return false;
}
