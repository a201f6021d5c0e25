import { fiscalQuarterRange } from '../fiscal';
import { quarterRange, SLOT_SECONDS } from '../presets';
import { instantOf, type WallClock, wallClockAt } from '../timeZone';
import { readTime, type TimeWords } from './clock';
import { type DateWords, readDate } from './dates';

/** What words depend on beside themselves. */
export interface Sense {
  /** epoch seconds */
  now: number;
  zone: string;
  /** the month in which fiscal years begin, 1 to 12 */
  fiscalStart: number;
}

export interface MomentWords {
  date: DateWords | null;
  time: TimeWords | null;
  /** "14:00 UTC": said of this moment, whatever the zone of the page */
  utc: boolean;
}

/** A moment as it is written: a date, a time or both in either order; null where it is none. Lower case, single spaces. */
export function readMoment(written: string): MomentWords | null {
  const utc = /(?: utc|(?<=:\d\d) ?z)$/.test(written);
  const text = utc
    ? written.replace(/ ?(?:utc|z)$/, '')
    : written.replace(/^this (?=[a-z]+noon|\w+ning$)/, 'today ');
  const date = readDate(text);
  if (date) return { date, time: null, utc };
  const time = readTime(text);
  if (time) return { date: null, time, utc };
  const words = text.split(' ');
  for (let i = 1; i < words.length; i++) {
    const parts = [words.slice(0, i).join(' '), words.slice(i).join(' ')] as const;
    for (const [first, second] of [parts, [parts[1], parts[0]] as const]) {
      const both = { date: readDate(first), time: readTime(second) };
      if (both.date && both.time && hasOneDay(both.date)) return { ...both, utc };
    }
  }
  return null;
}

function hasOneDay({ is }: DateWords): boolean {
  return is === 'day' || is === 'weekday' || is === 'days-ago' || is === 'months-ago';
}

/** A stretch of time; a point where `to` equals `from`. */
export interface Stretch {
  from: number;
  to: number;
}

/** Where an end is looked for: the latest moment of that name that has begun, or the first one after a start. */
export type Anchor = { latest: true } | { after: number; sameDay?: boolean };

const LATEST: Anchor = { latest: true };

type Day = Pick<WallClock, 'year' | 'month' | 'day'>;

/** The instants that a moment means; null where there is none, as for 30 February or a time of day in a month. */
export function resolveMoment(
  { date, time, utc }: MomentWords,
  sense: Sense,
  anchor: Anchor = LATEST,
): Stretch | null {
  const zone = utc ? 'UTC' : sense.zone;
  const calendar = new Calendar(zone, sense.now, sense.fiscalStart);
  if (date === null) return time && calendar.timeAlone(time, anchor);
  if (time === null) return calendar.date(date, anchor);
  const day = calendar.dayOf(date, anchor, time);
  return day && calendar.at(day, time);
}

class Calendar {
  private readonly today: WallClock;

  constructor(
    private readonly zone: string,
    private readonly now: number,
    private readonly fiscalStart: number,
  ) {
    this.today = wallClockAt(now, zone);
  }

  at(day: Day, time: TimeWords): Stretch {
    const point = (hour: number, minute = 0, second = 0) =>
      instantOf({ ...pick(day), hour, minute, second }, this.zone);
    if (time.is === 'part') return { from: point(time.from), to: point(time.to) };
    const instant = point(time.time.hour, time.time.minute, time.time.second);
    return { from: instant, to: instant };
  }

  timeAlone(time: TimeWords, anchor: Anchor): Stretch {
    if ('after' in anchor) {
      const day = wallClockAt(anchor.after, this.zone);
      const same = this.at(day, time);
      return same.to > anchor.after || anchor.sameDay ? same : this.at({ ...day, day: day.day + 1 }, time);
    }
    const today = this.at(this.today, time);
    return today.from <= this.now ? today : this.at({ ...this.today, day: this.today.day - 1 }, time);
  }

  /** The one day that a date is; null for longer stretches. */
  dayOf(date: DateWords, anchor: Anchor, time: TimeWords | null): Day | null {
    switch (date.is) {
      case 'day':
        return date.year === null
          ? this.dayOfSomeYear(date.month, date.day, anchor)
          : { year: date.year, month: date.month, day: date.day };
      case 'days-ago':
        return { ...this.today, day: this.today.day - date.days };
      case 'months-ago': {
        const { year, month, day } = this.today;
        const last = new Date(Date.UTC(year, month - date.months, 0)).getUTCDate();
        return { year, month: month - date.months, day: Math.min(day, last) };
      }
      case 'weekday':
        return this.dayOfSomeWeek(date.weekday, date.before, anchor, time);
      default:
        return null;
    }
  }

  date(date: DateWords, anchor: Anchor): Stretch | null {
    const day = this.dayOf(date, anchor, null);
    if (day) return this.days(day, 1);
    switch (date.is) {
      case 'now':
        return { from: this.now, to: this.now };
      case 'ago': {
        const instant = Math.floor((this.now - date.seconds) / SLOT_SECONDS) * SLOT_SECONDS;
        return { from: instant, to: instant };
      }
      case 'month':
        return this.months(date.year, date.month, 1, anchor);
      case 'year':
        return this.months(date.year, 1, 12, anchor);
      case 'quarter':
        return this.quarter(date.year, date.quarter, anchor);
      case 'fiscal-quarter':
        return fiscalQuarterRange(date, this.fiscalStart);
      case 'fiscal-year': {
        const first = fiscalQuarterRange({ year: date.year, quarter: 1 }, this.fiscalStart);
        return {
          from: first.from,
          to: fiscalQuarterRange({ year: date.year, quarter: 4 }, this.fiscalStart).to,
        };
      }
      case 'iso-week':
        // 4 January lies in the first week.
        return this.week({ year: date.year, month: 1, day: 4 + 7 * (date.week - 1) });
      case 'week-of': {
        const of = this.dayOf({ ...date, is: 'day' }, anchor, null);
        return of && this.week(of);
      }
      case 'weekend':
        return this.weekend(date.before);
      case 'calendar':
        return this.calendar(date.unit, date.back);
      default:
        return null;
    }
  }

  private days(day: Day, count: number): Stretch {
    return { from: this.midnight(day), to: this.midnight({ ...day, day: day.day + count }) };
  }

  private midnight(day: Day): number {
    return instantOf({ ...pick(day), hour: 0, minute: 0, second: 0 }, this.zone);
  }

  private week(day: Day): Stretch {
    const sinceMonday = (weekdayOf(day) + 6) % 7;
    return this.days({ ...day, day: day.day - sinceMonday }, 7);
  }

  private weekend(before: boolean): Stretch {
    const back = (weekdayOf(this.today) + 1) % 7;
    // Saturday and Sunday are within the weekend that is under way.
    const weeks = before && back <= 1 ? 7 : 0;
    return this.days({ ...this.today, day: this.today.day - back - weeks }, 2);
  }

  private calendar(unit: 'week' | 'month' | 'quarter' | 'year', back: number): Stretch {
    const { year, month, day } = this.today;
    if (unit === 'week') return this.week({ year, month, day: day - 7 * back });
    if (unit === 'month') return this.monthSpan(year, month - back, 1);
    if (unit === 'year') return this.monthSpan(year - back, 1, 12);
    const utc = new Date(this.now * 1000);
    return quarterRange(utc.getUTCFullYear(), Math.floor(utc.getUTCMonth() / 3) + 1 - back);
  }

  private monthSpan(year: number, month: number, count: number): Stretch {
    return {
      from: this.midnight({ year, month, day: 1 }),
      to: this.midnight({ year, month: month + count, day: 1 }),
    };
  }

  private months(year: number | null, month: number, count: number, anchor: Anchor): Stretch | null {
    return year === null
      ? this.ofSomeYear(anchor, (each) => this.monthSpan(each, month, count))
      : this.monthSpan(year, month, count);
  }

  private quarter(year: number | null, quarter: number, anchor: Anchor): Stretch | null {
    return year === null
      ? this.ofSomeYear(anchor, (each) => quarterRange(each, quarter))
      : quarterRange(year, quarter);
  }

  /** What is said without a year: the latest that has begun, or the first one that ends after the start. */
  private ofSomeYear(anchor: Anchor, of: (year: number) => Stretch | null): Stretch | null {
    const { year } = this.today;
    if ('after' in anchor) {
      const first = wallClockAt(anchor.after, this.zone).year;
      const found = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((later) => of(first + later));
      return found.find((each) => each !== null && each.to > anchor.after) ?? null;
    }
    // 29 February may be eight years back.
    const found = [1, 0, -1, -2, -3, -4, -5, -6, -7, -8].map((later) => of(year + later));
    return found.find((each) => each !== null && each.from <= this.now) ?? null;
  }

  private dayOfSomeYear(month: number, day: number, anchor: Anchor): Day | null {
    const found = this.ofSomeYear(anchor, (year) =>
      new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
        ? this.days({ year, month, day }, 1)
        : null,
    );
    return found && wallClockAt(found.from, this.zone);
  }

  private dayOfSomeWeek(weekday: number, before: boolean, anchor: Anchor, time: TimeWords | null): Day {
    if ('after' in anchor) {
      const start = wallClockAt(anchor.after, this.zone);
      const ahead = (weekday - weekdayOf(start) + 7) % 7;
      const first = { ...start, day: start.day + ahead };
      const isLater = ahead > 0 || (time !== null && this.at(first, time).to > anchor.after);
      return isLater ? first : { ...first, day: first.day + 7 };
    }
    const back = (weekdayOf(this.today) - weekday + 7) % 7;
    return { ...this.today, day: this.today.day - (back === 0 && before ? 7 : back) };
  }
}

function pick({ year, month, day }: Day): Day {
  return { year, month, day };
}

/** 0 = Sunday */
function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}
