import 'server-only';
import type { LocalClock } from './localClock';

/** The text is no time. */
export const TIME_INVALID = Number.NaN;
/** The source says that it does not know the time (0, or 0000-00-00). */
export const TIME_UNKNOWN = Number.NEGATIVE_INFINITY;
/** The time has no zone, and none was declared. */
export const TIME_WITHOUT_ZONE = Number.POSITIVE_INFINITY;

const ZERO = 48;
const DAY_MS = 86_400_000;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Digits of an epoch from which it is read as milliseconds: 12 digits of seconds would be the year 33658. */
const MILLISECOND_DIGITS = 12;

/** Days since 1970 of a Gregorian date; NaN where the date does not exist. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > (MONTH_DAYS[month - 1] as number)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2 && day === 29 && !leap) return Number.NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** Two digits at `at`, or -1. */
function two(text: Uint8Array, at: number): number {
  const tens = (text[at] as number) - ZERO;
  const ones = (text[at + 1] as number) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

export interface TimeReaderOptions {
  /** Reads times without a zone; null: they come back as TIME_WITHOUT_ZONE. */
  clock: LocalClock | null;
  /** nfdump 1.6 writes `.5` for 5 ms: the digits are milliseconds and not a decimal fraction. */
  unpaddedMilliseconds?: boolean;
}

/**
 * Reads the times that flow tools write: `YYYY-MM-DD hh:mm:ss[.fraction]` with `T` or a space, with or without
 * `Z` / `+01:00` / `[Zone/Name]`, and epochs in seconds (with a fraction) or milliseconds. Cut to whole milliseconds.
 */
export class TimeReader {
  /** Whether the last local time that was read exists twice or never. */
  uncertain = false;
  private readonly clock: LocalClock | null;
  private readonly unpadded: boolean;

  constructor(options: TimeReaderOptions) {
    this.clock = options.clock;
    this.unpadded = options.unpaddedMilliseconds ?? false;
  }

  /**
   * @param notBefore of two instants that a local time can mean, take the first at or after this one
   * @returns milliseconds since 1970, or one of TIME_INVALID, TIME_UNKNOWN, TIME_WITHOUT_ZONE
   */
  read(text: Uint8Array, start: number, end: number, notBefore = Number.NEGATIVE_INFINITY): number {
    this.uncertain = false;
    if (end - start < 19 || text[start + 4] !== 45) return this.readEpoch(text, start, end);
    const century = two(text, start);
    const yearOfCentury = two(text, start + 2);
    const month = two(text, start + 5);
    const day = two(text, start + 8);
    const separator = text[start + 10];
    const hour = two(text, start + 11);
    const minute = two(text, start + 14);
    const second = two(text, start + 17);
    if (century < 0 || yearOfCentury < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0)
      return TIME_INVALID;
    if (text[start + 7] !== 45 || text[start + 13] !== 58 || text[start + 16] !== 58) return TIME_INVALID;
    if (separator !== 84 && separator !== 32 && separator !== 116) return TIME_INVALID;
    const year = century * 100 + yearOfCentury;
    if (year === 0 && month === 0 && day === 0) return TIME_UNKNOWN;
    const days = daysSinceEpoch(year, month, day);
    // 60 is a leap second; it becomes the first of the next minute.
    if (Number.isNaN(days) || hour > 23 || minute > 59 || second > 60) return TIME_INVALID;

    let at = start + 19;
    let milliseconds = 0;
    if (at < end && (text[at] === 46 || text[at] === 44)) {
      at++;
      let digits = 0;
      for (; at < end; at++) {
        const digit = (text[at] as number) - ZERO;
        if (digit < 0 || digit > 9) break;
        if (digits < 3) milliseconds = milliseconds * 10 + digit;
        digits++;
      }
      if (digits === 0) return TIME_INVALID;
      if (!this.unpadded) for (; digits < 3; digits++) milliseconds *= 10;
    }
    const local = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
    if (at === end) return this.fromLocal(local, notBefore);
    return fromOffset(text, at, end, local);
  }

  private fromLocal(local: number, notBefore: number): number {
    if (this.clock === null) return TIME_WITHOUT_ZONE;
    const offset = this.clock.offsetAt(local);
    if (offset !== null) return local - offset;
    const instant = this.clock.resolve(local);
    this.uncertain = instant.uncertain;
    return instant.first < notBefore ? instant.second : instant.first;
  }

  private readEpoch(text: Uint8Array, start: number, end: number): number {
    let at = start;
    let whole = 0;
    for (; at < end; at++) {
      const digit = (text[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    const digits = at - start;
    if (digits === 0 || digits > 15) return TIME_INVALID;
    if (digits >= MILLISECOND_DIGITS) return at === end ? whole : TIME_INVALID;
    let milliseconds = 0;
    if (at < end) {
      if (text[at] !== 46 || at + 1 === end) return TIME_INVALID;
      let weight = 100;
      for (at++; at < end; at++) {
        const digit = (text[at] as number) - ZERO;
        if (digit < 0 || digit > 9) return TIME_INVALID;
        if (weight >= 1) milliseconds += digit * weight;
        weight /= 10;
      }
    }
    return whole === 0 ? TIME_UNKNOWN : whole * 1000 + milliseconds;
  }
}

/** `Z` or a numeric offset at `at`, perhaps followed by a zone in brackets, applied to a local time. */
function fromOffset(text: Uint8Array, at: number, end: number, local: number): number {
  const mark = text[at] as number;
  let next = at + 1;
  let minutes = 0;
  if (mark === 43 || mark === 45) {
    const hours = two(text, next);
    next += text[next + 2] === 58 ? 3 : 2;
    const rest = two(text, next);
    if (hours < 0 || hours > 18 || rest < 0 || rest > 59) return TIME_INVALID;
    minutes = (hours * 60 + rest) * (mark === 43 ? 1 : -1);
    next += 2;
  } else if (mark !== 90 && mark !== 122) {
    return TIME_INVALID;
  }
  // RFC 9557 may add the zone's name; the offset already says which instant it is.
  if (next !== end && !(text[next] === 91 && text[end - 1] === 93)) return TIME_INVALID;
  return next > end ? TIME_INVALID : local - minutes * 60_000;
}
