import { isShownTwice } from '@/lib/flows/clockChanges';
import { instantOf, offsetAt, type WallClock, wallClockAt } from '@/lib/flows/timeZone';

/** Instants as text in a zone. Every instant is in UTC epoch seconds; the zone enters here and nowhere before. */

export const MONTHS = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

const clock = (w: WallClock): string => `${two(w.hour)}:${two(w.minute)}`;
const monthName = (w: WallClock): string => MONTHS[w.month - 1] ?? '';
const sameDay = (a: WallClock, b: WallClock): boolean =>
  a.year === b.year && a.month === b.month && a.day === b.day;
const midnight = (w: WallClock): boolean => w.hour === 0 && w.minute === 0 && w.second === 0;

/** Name of the weekday of a wall date. */
export function weekday(w: WallClock): string {
  return DAYS[new Date(Date.UTC(w.year, w.month - 1, w.day)).getUTCDay()] ?? '';
}

/** "Nov 22" */
export function dayText(instant: number, zone: string): string {
  const w = wallClockAt(instant, zone);
  return `${monthName(w)} ${w.day}`;
}

/** "14:05" */
export function clockText(instant: number, zone: string): string {
  return clock(wallClockAt(instant, zone));
}

/** "Nov 22, 2026, 14:05" */
export function instantText(instant: number, zone: string): string {
  const w = wallClockAt(instant, zone);
  return `${monthName(w)} ${w.day}, ${w.year}, ${clock(w)}`;
}

/** "2026-11-22 14:05": what the range inputs show and read. */
export function inputText(instant: number, zone: string): string {
  const w = wallClockAt(instant, zone);
  return `${w.year}-${two(w.month)}-${two(w.day)} ${clock(w)}`;
}

/** The instant that "2026-11-22 14:05", "2026-11-22T14:05" or "2026-11-22" means in the zone; null when it means none. */
export function parseInput(text: string, zone: string): number | null {
  const match = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*$/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const wall = { year, month, day, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 };
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const inside =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= lastDay &&
    wall.hour < 24 &&
    wall.minute < 60 &&
    wall.second < 60;
  return inside ? instantOf(wall, zone) : null;
}

/**
 * One bucket: "Sun Nov 22, 14:05–14:10", "Sun Nov 22" for a whole day, "Nov 22–29" for several. Where clocks are moved it says more: a
 * day its hours, "Sun Mar 29, 2026 (23 h)"; a time that is shown twice, or that is jumped over, its distance from UTC.
 */
export function bucketText(from: number, to: number, zone: string): string {
  const a = wallClockAt(from, zone);
  const b = wallClockAt(to, zone);
  const start = `${weekday(a)} ${monthName(a)} ${a.day}`;
  if (midnight(a) && midnight(b)) {
    const last = wallClockAt(to - 1, zone);
    if (sameDay(a, last))
      return `${start}, ${a.year}${to - from === 86_400 ? '' : ` (${(to - from) / 3_600}\u2009h)`}`;
    return `${monthName(a)} ${a.day}\u2013${a.month === last.month ? '' : `${monthName(last)} `}${last.day}, ${last.year}`;
  }
  const sameOrMidnight = sameDay(a, b) || (midnight(b) && to - from <= 86_400);
  if (sameOrMidnight && offsetAt(from, zone) !== offsetAt(to, zone)) {
    return `${start}, ${clock(a)} ${offsetName(from, zone)} \u2013 ${clock(b)} ${offsetName(to, zone)}`;
  }
  const which = isShownTwice(from, zone) ? ` ${offsetName(from, zone)}` : '';
  return sameOrMidnight
    ? `${start}, ${clock(a)}\u2013${midnight(b) ? '24:00' : clock(b)}${which}`
    : `${start}, ${clock(a)} \u2013 ${monthName(b)} ${b.day}, ${clock(b)}`;
}

/** A whole range: "Nov 21, 14:00 – Nov 22, 14:00, 2026"; whole days without clock times, the last day included. */
export function rangeText(from: number, to: number, zone: string): string {
  const a = wallClockAt(from, zone);
  if (midnight(a) && midnight(wallClockAt(to, zone))) {
    const last = wallClockAt(to - 1, zone);
    if (sameDay(a, last)) return `${monthName(a)} ${a.day}, ${a.year}`;
    const year = a.year === last.year ? '' : `, ${a.year}`;
    return `${monthName(a)} ${a.day}${year} \u2013 ${monthName(last)} ${last.day}, ${last.year}`;
  }
  const b = wallClockAt(to, zone);
  if (sameDay(a, b)) return `${monthName(a)} ${a.day}, ${a.year}, ${clock(a)} \u2013 ${clock(b)}`;
  const year = a.year === b.year ? '' : ` ${a.year}`;
  return `${monthName(a)} ${a.day}${year}, ${clock(a)} \u2013 ${monthName(b)} ${b.day}, ${clock(b)}, ${b.year}`;
}

/** Both ends with their clock times: "Nov 20, 2026, 00:00 until Nov 23, 2026, 00:00, UTC". */
export function untilText(from: number, to: number, zone: string): string {
  return `${instantText(from, zone)} until ${instantText(to, zone)}, ${zone.replaceAll('_', ' ')}`;
}

/** "UTC", "UTC+05:45", "UTC\u221208:00" at an instant. */
export function offsetName(instant: number, zone: string): string {
  const minutes = Math.round(offsetAt(instant, zone) / 60);
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '\u2212' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Two digits, zero-filled. */
export function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** How long ago, in words a person says: "just now", "12 s ago", "4 min ago", "3 h ago", "5 days ago". */
export function agoText(instant: number, now: number): string {
  const seconds = Math.max(0, Math.round(now - instant));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds}\u2009s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u2009min ago`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)}\u2009h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}
