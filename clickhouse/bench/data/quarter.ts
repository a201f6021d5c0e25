/** The calendar quarter that the benchmark's flows fill, [from, to) in epoch seconds. */
export const QUARTER = { from: Date.UTC(2026, 6, 1) / 1000, to: Date.UTC(2026, 9, 1) / 1000 } as const;

/** A month inside of it. */
export const MONTH = { from: Date.UTC(2026, 7, 1) / 1000, to: Date.UTC(2026, 8, 1) / 1000 } as const;

/** A week near its end: the nine weeks before it, which say what is usual, are in the quarter too. */
export const WEEK = { from: Date.UTC(2026, 8, 14) / 1000, to: Date.UTC(2026, 8, 21) / 1000 } as const;

/** A quarter's length with both edges inside of a day: days and hours have to fill them. */
export const ROLLING = {
  from: Date.UTC(2026, 6, 2, 7) / 1000,
  to: Date.UTC(2026, 8, 30, 7) / 1000,
} as const;

const HOUR = 3600;

/** Records an hour against the mean: half in the early morning of what the evening brings. */
function weightAt(seconds: number): number {
  const hour = (seconds / HOUR) % 24;
  return 1 + 0.33 * Math.cos(((hour - 20) / 24) * 2 * Math.PI);
}

/** Where the block of records number `block` of `blocks` begins: as many records in each, more blocks where there is more traffic. Milliseconds. */
export function blockStart(block: number, blocks: number): number {
  const hours = (QUARTER.to - QUARTER.from) / HOUR;
  const weights = Array.from({ length: hours }, (_, i) => weightAt(QUARTER.from + (i + 0.5) * HOUR));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = (block / blocks) * total;
  for (const [hour, weight] of weights.entries()) {
    if (rest < weight) return Math.round((QUARTER.from + (hour + rest / weight) * HOUR) * 1000);
    rest -= weight;
  }
  return QUARTER.to * 1000;
}
