import { SLOT_SECONDS, type TimeRange } from './presets';

const SLOTS_OF_MASK = 144;

/** Slots of five minutes of a UTC day that are set in its two masks: starts in epoch seconds, ascending. */
export function slotsOfMasks(day: number, early: bigint, late: bigint): number[] {
  const starts: number[] = [];
  for (const [half, mask] of [early, late].entries()) {
    // The lowest bit is the last character.
    const bits = mask.toString(2);
    for (let i = bits.length - 1; i >= 0; i -= 1) {
      if (bits[i] === '1') starts.push(day + (half * SLOTS_OF_MASK + bits.length - 1 - i) * SLOT_SECONDS);
    }
  }
  return starts;
}

/** Runs of slots of five minutes, given by their ascending starts: a single silent slot between two others does not end a run. */
export function runsOfSlots(starts: readonly number[]): TimeRange[] {
  const runs: TimeRange[] = [];
  for (const start of starts) {
    const last = runs.at(-1);
    if (last !== undefined && start - last.to <= SLOT_SECONDS) last.to = start + SLOT_SECONDS;
    else runs.push({ from: start, to: start + SLOT_SECONDS });
  }
  return runs;
}
