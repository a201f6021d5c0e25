import { SLOT_SECONDS, type TimeRange } from './presets';

const DAY = 86_400;
const SLOTS_OF_MASK = 144;
const ALL_SLOTS = (1n << 144n) - 1n;

/** The five-minute slots of a UTC day in which something was sent, as two masks of half a day each; the lowest bit is the first slot. */
export interface DayMasks {
  /** midnight, epoch seconds */
  day: number;
  early: bigint;
  late: bigint;
}

/** Runs of slots of five minutes, given by their ascending starts: a single silent slot between two others does not end a run. */
export function runsOfSlots(starts: readonly number[]): TimeRange[] {
  const runs: TimeRange[] = [];
  for (const start of starts) add(runs, start, start + SLOT_SECONDS);
  return runs;
}

/** The same of the slots that begin in `range`, from the masks of ascending days. A day without a gap is one step, and most days are. */
export function runsOfMasks(days: readonly DayMasks[], range: TimeRange): TimeRange[] {
  const runs: TimeRange[] = [];
  for (const { day, early, late } of days) {
    const isWhole = early === ALL_SLOTS && late === ALL_SLOTS;
    if (isWhole && day >= range.from && day + DAY <= range.to) {
      add(runs, day, day + DAY);
      continue;
    }
    for (const [half, mask] of [early, late].entries()) {
      // The lowest bit is the last character.
      const bits = mask.toString(2);
      for (let i = bits.length - 1; i >= 0; i -= 1) {
        const start = day + (half * SLOTS_OF_MASK + bits.length - 1 - i) * SLOT_SECONDS;
        if (bits[i] === '1' && start >= range.from && start < range.to)
          add(runs, start, start + SLOT_SECONDS);
      }
    }
  }
  return runs;
}

function add(runs: TimeRange[], from: number, to: number): void {
  const last = runs.at(-1);
  if (last !== undefined && from - last.to <= SLOT_SECONDS) last.to = to;
  else runs.push({ from, to });
}
