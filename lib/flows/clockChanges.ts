import type { TimeRange } from './presets';
import { offsetAt, wallClockAt } from './timeZone';

/** A day on which clocks of a zone are moved. */
export interface ClockChange {
  /** YYYY-MM-DD in the zone */
  day: string;
  /** length of that day: 23 or 25, in a few zones by half an hour less */
  hours: number;
  /** what clocks show when they are moved, and what then, as `02:00` */
  from: string;
  to: string;
}

const DAY = 86_400;
const HOUR = 3_600;

/** The changes of the zone's clocks within the range, in order of time. No zone changes twice in a day. */
export function clockChangesIn(range: TimeRange, zone: string): ClockChange[] {
  if (zone === 'UTC') return [];
  const changes: ClockChange[] = [];
  for (let before = range.from; before < range.to; before += DAY) {
    const after = Math.min(before + DAY, range.to);
    const moved = offsetAt(after, zone) - offsetAt(before, zone);
    if (moved === 0) continue;
    const instant = changeBetween(before, after, zone);
    const old = offsetAt(before, zone);
    changes.push({
      day: dayOf(instant, zone),
      hours: 24 - moved / HOUR,
      from: clockOf(instant + old),
      to: clockOf(instant + old + moved),
    });
  }
  return changes;
}

/** True where the zone's clocks show this time a second time soon after or before, as on the day of 25 hours. */
export function isShownTwice(instant: number, zone: string): boolean {
  const offset = offsetAt(instant, zone);
  return [-HOUR, -HOUR / 2, HOUR / 2, HOUR].some(
    (shift) => offsetAt(instant + shift, zone) === offset - shift,
  );
}

/** The first instant with the offset of `after`. */
function changeBetween(before: number, after: number, zone: string): number {
  const old = offsetAt(before, zone);
  let low = before;
  let high = after;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, zone) === old) low = middle;
    else high = middle;
  }
  return high;
}

function dayOf(instant: number, zone: string): string {
  const { year, month, day } = wallClockAt(instant, zone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** @param wall seconds since 1970 as the clock counts them */
function clockOf(wall: number): string {
  return new Date(wall * 1000).toISOString().slice(11, 16);
}
