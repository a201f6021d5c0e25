import { fiscalQuarterAt, fiscalQuarterRange } from '@/lib/flows/fiscal';
import {
  LONGEST_SECONDS,
  lastSlotEnd,
  quarterRange,
  type RangePreset,
  rollingPreset,
  rollingSeconds,
  type TimeRange,
} from '@/lib/flows/presets';
import { type RangeChoice, stepRange } from '@/lib/flows/scope';
import { instantOf, type WallClock, wallClockAt } from '@/lib/flows/timeZone';

/** The choice that stands for a calendar quarter, or null where the range is none. */
function quarterChoice(range: TimeRange): RangeChoice | null {
  const { year, quarter } = fiscalQuarterAt(range.from, 1);
  const whole = quarterRange(year, quarter);
  if (whole.from !== range.from || whole.to !== range.to) return null;
  return { kind: 'preset', preset: `${year}-Q${quarter}` as RangePreset };
}

function isMidnight({ hour, minute, second }: WallClock): boolean {
  return hour === 0 && minute === 0 && second === 0;
}

/** As an absolute range; as a quarter where it is one. */
function chosen(range: TimeRange): RangeChoice {
  return quarterChoice(range) ?? { kind: 'absolute', ...range };
}

/**
 * One range earlier or later. Whole months (of UTC or of the zone) step by as many months and whole days by as many days, so that a
 * quarter steps to the next quarter and a day of 23 hours to a whole day; anything else steps by its own length.
 */
export function stepChoice(range: TimeRange, steps: -1 | 1, zone: string): RangeChoice {
  for (const calendar of ['UTC', zone]) {
    const [from, to] = [wallClockAt(range.from, calendar), wallClockAt(range.to, calendar)];
    if (!isMidnight(from) || !isMidnight(to)) continue;
    const months = (to.year - from.year) * 12 + to.month - from.month;
    if (from.day === 1 && to.day === 1 && months > 0) {
      const moved = (clock: WallClock) =>
        instantOf({ ...clock, month: clock.month + steps * months }, calendar);
      return chosen({ from: moved(from), to: moved(to) });
    }
  }
  const [from, to] = [wallClockAt(range.from, zone), wallClockAt(range.to, zone)];
  if (isMidnight(from) && isMidnight(to)) {
    const days = Math.round((range.to - range.from) / 86_400);
    const moved = (clock: WallClock) => instantOf({ ...clock, day: clock.day + steps * days }, zone);
    return { kind: 'absolute', from: moved(from), to: moved(to) };
  }
  return stepRange(range, steps);
}

/**
 * Twice the range around its middle, and never past now. A range that runs until now goes on doing so. null = it is as long as ranges
 * may be.
 */
export function zoomOut(choice: RangeChoice, range: TimeRange, now: number): RangeChoice | null {
  const length = range.to - range.from;
  if (2 * length > LONGEST_SECONDS) return null;
  if (choice.kind === 'preset' && rollingSeconds(choice.preset) !== null) {
    const preset = rollingPreset(2 * length);
    return preset && { kind: 'preset', preset };
  }
  const half = Math.floor(length / 2);
  const to = Math.min(range.to + half, Math.max(lastSlotEnd(now), range.from + 1));
  return { kind: 'absolute', from: Math.max(0, to - 2 * length), to };
}

/** The quarters before the one that holds `now`, latest first. */
export function closedQuarters(now: number, count: number): RangePreset[] {
  const date = new Date(now * 1000);
  const current = date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
  return Array.from({ length: count }, (_, i): RangePreset => {
    const at = current - 1 - i;
    return `${Math.floor(at / 4)}-Q${((at % 4) + 1) as 1 | 2 | 3 | 4}`;
  });
}

/** The fiscal quarter that holds `now` and those before it, latest first, each as what choosing it means. */
export function fiscalQuarters(
  now: number,
  startMonth: number,
  count: number,
): { choice: RangeChoice; range: TimeRange }[] {
  const current = fiscalQuarterRange(fiscalQuarterAt(now, startMonth), startMonth);
  const found: TimeRange[] = [current];
  while (found.length < count) {
    const before = (found.at(-1) as TimeRange).from - 1;
    found.push(fiscalQuarterRange(fiscalQuarterAt(before, startMonth), startMonth));
  }
  return found.map((range) => ({ choice: chosen(range), range }));
}
