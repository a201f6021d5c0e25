import { instantOf, wallClockAt } from './timeZone';

/** A half-open range of instants, epoch seconds: from is in it, to is not. */
export interface TimeRange {
  from: number;
  to: number;
}

/** The finest slot kept for years; ranges that run until now end with the last whole one, so that none lies in the future. */
export const SLOT_SECONDS = 300;

const HOUR = 3_600;
const DAY = 86_400;

/** Ranges that end now. Days are 24 hours here: "7d" is 168 hours in every zone. */
const ROLLING = {
  '1h': HOUR,
  '3h': 3 * HOUR,
  '6h': 6 * HOUR,
  '12h': 12 * HOUR,
  '24h': DAY,
  '48h': 2 * DAY,
  '7d': 7 * DAY,
  '14d': 14 * DAY,
  '30d': 30 * DAY,
  '90d': 90 * DAY,
  '180d': 180 * DAY,
  '365d': 365 * DAY,
} as const;

const CALENDAR = [
  'today',
  'yesterday',
  'this-week',
  'last-week',
  'this-month',
  'last-month',
  'this-quarter',
  'last-quarter',
  'this-year',
  'last-year',
] as const;

/** Any length that runs until now, such as `3d`, `90m` or `2w`: whole slots, at least one, at most ten years. */
export type RollingPreset = `${number}${'m' | 'h' | 'd' | 'w'}`;
export type CalendarPreset = (typeof CALENDAR)[number];
/** A named quarter such as `2025-Q4`. */
export type QuarterPreset = `${number}-Q${1 | 2 | 3 | 4}`;
export type RangePreset = RollingPreset | CalendarPreset | QuarterPreset;

/** The lengths that are offered; others can be written. */
export const ROLLING_PRESETS = Object.keys(ROLLING) as RollingPreset[];
export const CALENDAR_PRESETS: readonly CalendarPreset[] = CALENDAR;

const QUARTER = /^(19[7-9]\d|20\d\d)-Q([1-4])$/;

const UNIT_SECONDS = { m: 60, h: HOUR, d: DAY, w: 7 * DAY } as const;
type RollingUnit = keyof typeof UNIT_SECONDS;
const ROLLING_NAME = /^([1-9]\d{0,6})([mhdw])$/;

/** Years of 366 days, as for every range that is asked. */
export const LONGEST_SECONDS = 10 * 366 * DAY;

/** Seconds of a rolling preset; null for any other text. */
export function rollingSeconds(value: string): number | null {
  const [, count, unit] = ROLLING_NAME.exec(value) ?? [];
  if (count === undefined || unit === undefined) return null;
  const seconds = Number(count) * UNIT_SECONDS[unit as RollingUnit];
  return seconds % SLOT_SECONDS === 0 && seconds <= LONGEST_SECONDS ? seconds : null;
}

/**
 * The rolling preset of a length in seconds, rounded up to whole slots: the name that is offered where there is one, else in the
 * widest unit that divides it. null = longer than ten years.
 */
export function rollingPreset(seconds: number): RollingPreset | null {
  const whole = Math.max(1, Math.ceil(seconds / SLOT_SECONDS)) * SLOT_SECONDS;
  if (!(whole <= LONGEST_SECONDS)) return null;
  for (const [name, length] of Object.entries(ROLLING)) if (length === whole) return name as RollingPreset;
  const unit = (['d', 'h', 'm'] as const).find((each) => whole % UNIT_SECONDS[each] === 0) ?? 'm';
  return `${whole / UNIT_SECONDS[unit]}${unit}`;
}

export function isRangePreset(value: string): value is RangePreset {
  return (
    rollingSeconds(value) !== null || (CALENDAR as readonly string[]).includes(value) || QUARTER.test(value)
  );
}

/** For the interface: "Last 24 hours", "Last quarter", "Q4 2025". */
export function presetLabel(preset: RangePreset): string {
  const quarter = QUARTER.exec(preset);
  if (quarter) return `Q${quarter[2]} ${quarter[1]}`;
  const rolls = rollingSeconds(preset);
  if (rolls !== null) return rollingLabel(rolls);
  const words = preset.replace('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function rollingLabel(seconds: number): string {
  if (seconds === HOUR) return 'Last hour';
  if (seconds % HOUR !== 0) return `Last ${seconds / 60} minutes`;
  if (seconds % DAY !== 0 || seconds <= 2 * DAY) return `Last ${seconds / HOUR} hours`;
  return `Last ${seconds / DAY} days`;
}

/** The calendar quarter [from, to) in UTC; quarter 1 to 4, and beyond it runs on into the next years. */
export function quarterRange(year: number, quarter: number): TimeRange {
  return { from: Date.UTC(year, (quarter - 1) * 3, 1) / 1000, to: Date.UTC(year, quarter * 3, 1) / 1000 };
}

/** The range that ends with the last whole slot before `now`. */
function rolling(seconds: number, now: number): TimeRange {
  const to = lastSlotEnd(now);
  return { from: to - seconds, to };
}

/** The end of the last whole slot before `now`: where ranges that run until now end. */
export function lastSlotEnd(now: number): number {
  return Math.floor(now / SLOT_SECONDS) * SLOT_SECONDS;
}

function localMidnight(
  now: number,
  zone: string,
  change: { days?: number; months?: number; day?: number; month?: number; years?: number },
): number {
  const clock = wallClockAt(now, zone);
  return instantOf(
    {
      year: clock.year + (change.years ?? 0),
      month: (change.month ?? clock.month) + (change.months ?? 0),
      day: (change.day ?? clock.day) + (change.days ?? 0),
      hour: 0,
      minute: 0,
      second: 0,
    },
    zone,
  );
}

/**
 * The instants a preset means at `now` (epoch seconds). Days, weeks (from Monday), months and years are those of `zone`; quarters are UTC always, so that a
 * quarter is the same interval for everybody. An unfinished period ends with the last whole slot.
 */
export function resolvePreset(preset: RangePreset, now: number, zone: string): TimeRange {
  const rolls = rollingSeconds(preset);
  if (rolls !== null) return rolling(rolls, now);
  const named = QUARTER.exec(preset);
  if (named) return quarterRange(Number(named[1]), Number(named[2]));
  const utc = new Date(now * 1000);
  const quarter = Math.floor(utc.getUTCMonth() / 3) + 1;
  switch (preset as CalendarPreset) {
    case 'today':
      return unfinished(localMidnight(now, zone, {}), now);
    case 'yesterday':
      return { from: localMidnight(now, zone, { days: -1 }), to: localMidnight(now, zone, {}) };
    case 'this-week':
      return unfinished(localMidnight(now, zone, { days: -sinceMonday(now, zone) }), now);
    case 'last-week':
      return {
        from: localMidnight(now, zone, { days: -sinceMonday(now, zone) - 7 }),
        to: localMidnight(now, zone, { days: -sinceMonday(now, zone) }),
      };
    case 'this-month':
      return unfinished(localMidnight(now, zone, { day: 1 }), now);
    case 'last-month':
      return {
        from: localMidnight(now, zone, { day: 1, months: -1 }),
        to: localMidnight(now, zone, { day: 1 }),
      };
    case 'this-quarter':
      return unfinished(quarterRange(utc.getUTCFullYear(), quarter).from, now);
    case 'last-quarter':
      return quarterRange(utc.getUTCFullYear(), quarter - 1);
    case 'this-year':
      return unfinished(localMidnight(now, zone, { month: 1, day: 1 }), now);
    case 'last-year':
      return {
        from: localMidnight(now, zone, { month: 1, day: 1, years: -1 }),
        to: localMidnight(now, zone, { month: 1, day: 1 }),
      };
  }
}

/** Days since the Monday of the week that an instant lies in, by the zone's calendar. */
function sinceMonday(now: number, zone: string): number {
  const { year, month, day } = wallClockAt(now, zone);
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

/** At the very start of a period one slot stands, so that the range is never empty. */
function unfinished(from: number, now: number): TimeRange {
  return { from, to: Math.max(lastSlotEnd(now), from + SLOT_SECONDS) };
}

const MONTH_STARTS = { month: 1, quarter: 3 } as const;

/**
 * The period before: for a whole calendar quarter (UTC) or month (of the zone) the quarter or month before, otherwise the range
 * of equal length that ends where this one starts.
 */
export function previousPeriod(range: TimeRange, zone: string): TimeRange {
  for (const [unit, calendar] of [
    ['quarter', 'UTC'],
    ['month', zone],
  ] as const) {
    const months = MONTH_STARTS[unit];
    const start = wallClockAt(range.from, calendar);
    const first = { year: start.year, day: 1, hour: 0, minute: 0, second: 0 };
    const aligned = unit === 'month' || (start.month - 1) % 3 === 0;
    if (!aligned || instantOf({ ...first, month: start.month }, calendar) !== range.from) continue;
    if (instantOf({ ...first, month: start.month + months }, calendar) !== range.to) continue;
    return { from: instantOf({ ...first, month: start.month - months }, calendar), to: range.from };
  }
  return { from: range.from - (range.to - range.from), to: range.from };
}
