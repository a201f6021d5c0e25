import 'server-only';
import { bucketsOf, bucketWidth, hasWholeHourOffsets } from '@/lib/flows/buckets';
import { type CalendarPart, isCalendarPart } from '@/lib/flows/calendarParts';
import type { GroupAxis } from '@/lib/flows/contracts/exploreGroups';
import type { Dimension } from '@/lib/flows/dimensions';
import { secondsOf } from '@/lib/flows/intervals';
import type { TimeRange } from '@/lib/flows/presets';
import { type WallClock, wallClockAt } from '@/lib/flows/timeZone';
import { closedMap, type Sql, sql, text, uint32s } from '@/lib/server/clickhouse/sql';

/** The axes that are dimensions. */
export function dimensionsAmong(axes: readonly GroupAxis[]): Dimension[] {
  return axes.filter((axis): axis is Dimension => !isCalendarPart(axis));
}

/** The longest stored slots that a calendar axis can be parted by, seconds; null where no axis is of the calendar. */
export function grainOf(axes: readonly GroupAxis[]): 3_600 | 86_400 | null {
  if (axes.includes('hour')) return 3_600;
  return axes.some(isCalendarPart) ? 86_400 : null;
}

/** A part as a number: months 202603, weeks (their Monday) and days 20260329, weekdays 1 to 7, hours 0 to 23. */
const NUMBER = closedMap<CalendarPart>({
  month: sql`toYYYYMM(bucket, `,
  week: sql`toYYYYMMDD(toMonday(bucket, `,
  day: sql`toYYYYMMDD(bucket, `,
  weekday: sql`toDayOfWeek(bucket, 0, `,
  hour: sql`toHour(bucket, `,
});

/** Position of a slot's part among `numbers`, from 1; a slot has one. */
export function calendarPosition(part: CalendarPart, zone: string, numbers: readonly number[]): Sql {
  const close = part === 'week' ? sql`))` : sql`)`;
  return sql`indexOf(${uint32s(numbers)}, toUInt32(${NUMBER(part)}${text(zone)}${close}))`;
}

function numberOf(part: CalendarPart, clock: WallClock): number {
  const date = new Date(Date.UTC(clock.year, clock.month - 1, clock.day));
  const sinceMonday = (date.getUTCDay() + 6) % 7;
  switch (part) {
    case 'month':
      return clock.year * 100 + clock.month;
    case 'week':
      date.setUTCDate(date.getUTCDate() - sinceMonday);
      return dayNumber(date);
    case 'day':
      return dayNumber(date);
    case 'weekday':
      return sinceMonday + 1;
    case 'hour':
      return clock.hour;
  }
}

function dayNumber(date: Date): number {
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** Parts that come round are all there, whatever the range. */
const ROUND: Partial<Record<CalendarPart, number[]>> = {
  weekday: [1, 2, 3, 4, 5, 6, 7],
  hour: Array.from({ length: 24 }, (_, hour) => hour),
};

/** The numbers of a part that the range touches, in order of time. */
export function numbersIn(part: CalendarPart, range: TimeRange, zone: string): number[] {
  const round = ROUND[part];
  if (round !== undefined) return round;
  const { starts } = bucketsOf(range, zone, bucketWidth('1d'));
  return [...new Set(starts.map((start) => numberOf(part, wallClockAt(Math.max(start, range.from), zone))))];
}

/** As the contract writes it: 2026-03, 2026-03-29, 1, 23. */
export function calendarKey(part: CalendarPart, number: number): string {
  const digits = String(number);
  if (part === 'month') return `${digits.slice(0, 4)}-${digits.slice(4)}`;
  if (part === 'week' || part === 'day')
    return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return digits;
}

/**
 * Seconds of `covered` in each combination of the axes' parts: keys are positions from 1 with commas between, in the order of `parts`;
 * without a part the one key is ''.
 */
export function secondsByParts(
  parts: readonly { part: CalendarPart; numbers: readonly number[] }[],
  covered: readonly TimeRange[],
  zone: string,
): Map<string, number> {
  if (parts.length === 0) return new Map([['', secondsOf(covered)]]);
  const seconds = new Map<string, number>();
  const positions = parts.map(({ numbers }) => new Map(numbers.map((number, i) => [number, i + 1])));
  for (const { from, to } of covered) {
    // Quarters of an hour meet the hours of every zone; where these are hours of UTC, reading the clock once an hour does.
    const piece = hasWholeHourOffsets({ from, to }, zone) ? 3_600 : 900;
    for (let t = from; t < to; ) {
      const end = Math.min(to, t - (t % piece) + piece);
      const clock = wallClockAt(t, zone);
      const key = parts.map(({ part }, i) => positions[i]?.get(numberOf(part, clock)) ?? 0).join(',');
      seconds.set(key, (seconds.get(key) ?? 0) + end - t);
      t = end;
    }
  }
  return seconds;
}
