import { instantOf, type WallClock, wallClockAt } from '@/lib/flows/timeZone';
import { MONTHS, two, weekday } from './timeText';

/**
 * Round ticks from 0 to at least `max`: four or five steps of 1, 2, 2.5 or 5 times a power of ten. Where there is nothing above zero,
 * zero alone: any other tick would be of no data.
 */
export function valueTicks(max: number): number[] {
  // Below this, a tenth of it is no number any more.
  if (!(max > Number.MIN_VALUE * 2 ** 60) || !Number.isFinite(max)) return [0];
  const power = 10 ** Math.floor(Math.log10(max));
  // Tried from the finest: the first that needs no more than five steps.
  const step =
    [0.2, 0.25, 0.5, 1, 2].map((m) => m * power).find((s) => Math.ceil(max / s - 1e-9) <= 5) ?? power;
  const count = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** The value at the upper edge; a picture without any has an edge all the same, of which no tick speaks. */
export function topOf(ticks: readonly number[]): number {
  return ticks.at(-1) || 1;
}

export interface TimeTick {
  /** UTC epoch seconds */
  readonly at: number;
  readonly label: string;
  /** Day lines among hours, month lines among days, year lines among months. */
  readonly strong: boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Step = { unit: 'minute' | 'day' | 'month'; count: number; size: number };

const STEPS: readonly Step[] = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((count) => ({
    unit: 'minute' as const,
    count,
    size: count * MINUTE,
  })),
  ...[1, 2, 7, 14].map((count) => ({ unit: 'day' as const, count, size: count * DAY })),
  ...[1, 2, 3, 6, 12].map((count) => ({ unit: 'month' as const, count, size: count * 30 * DAY })),
];

/**
 * Ticks at round instants of the zone's wall clock inside [from, to], about as many as `most`, and two at least where there are any.
 * Days are days of the wall clock (23 or 25 hours where clocks change), weeks begin on Monday, months on the first.
 */
export function timeTicks(from: number, to: number, zone: string, most: number): TimeTick[] {
  const room = Math.max(2, most);
  const found = STEPS.findIndex((s) => (to - from) / s.size <= room);
  const place = found < 0 ? STEPS.length - 1 : found;
  if (to <= from) return [];
  const ticks = ticksOf(from, to, zone, STEPS[place]);
  // One tick tells no distance: then rather a few too many, of which those that meet are left unnamed.
  return ticks.length > 1 ? ticks : ticksOf(from, to, zone, STEPS[Math.max(0, place - 1)]);
}

function ticksOf(from: number, to: number, zone: string, step: Step | undefined): TimeTick[] {
  if (!step) return [];
  return [...instants(from, to, zone, step)]
    .filter((at) => at >= from && at <= to)
    .map((at) => ({ at, ...label(wallClockAt(at, zone), step) }));
}

function* instants(from: number, to: number, zone: string, step: Step): Generator<number> {
  const first = wallClockAt(from, zone);
  const start: WallClock = { ...first, hour: 0, minute: 0, second: 0 };
  if (step.unit === 'minute') {
    for (let day = 0; ; day += 1) {
      for (let minute = 0; minute < 24 * 60; minute += step.count) {
        const at = instantOf({ ...start, day: start.day + day, minute }, zone);
        if (at > to) return;
        yield at;
      }
    }
  }
  if (step.unit === 'day') {
    for (let day = -14; ; day += 1) {
      const date = new Date(Date.UTC(start.year, start.month - 1, start.day + day));
      // Counted from a Monday, so that a week keeps its first day whatever the range.
      const sinceMonday = Math.round((date.getTime() - Date.UTC(2024, 0, 1)) / (DAY * 1000));
      const begins =
        step.count <= 2 ? date.getUTCDate() % step.count === 1 % step.count : sinceMonday % step.count === 0;
      if (!begins || (step.count === 2 && date.getUTCDate() === 31)) continue;
      const at = instantOf({ ...start, day: start.day + day }, zone);
      if (at > to) return;
      yield at;
    }
  }
  for (let month = 1 - (step.count % 12 || 12); ; month += 1) {
    const date = new Date(Date.UTC(start.year, start.month - 1 + month, 1));
    if (date.getUTCMonth() % step.count !== 0) continue;
    const at = instantOf(
      { ...start, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: 1 },
      zone,
    );
    if (at > to) return;
    yield at;
  }
}

function label(w: WallClock, step: Step): { label: string; strong: boolean } {
  const month = MONTHS[w.month - 1] ?? '';
  if (step.unit === 'minute') {
    const day = w.hour === 0 && w.minute === 0;
    return day
      ? { label: `${weekday(w)} ${month} ${w.day}`, strong: true }
      : { label: `${two(w.hour)}:${two(w.minute)}`, strong: false };
  }
  if (step.unit === 'day') return { label: `${month} ${w.day}`, strong: w.day === 1 };
  return w.month === 1 ? { label: String(w.year), strong: true } : { label: month, strong: false };
}
