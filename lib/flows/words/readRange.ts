import { fiscalQuarterAfter, fiscalQuarterAt, fiscalQuarterRange } from '../fiscal';
import {
  isRangePreset,
  LONGEST_SECONDS,
  lastSlotEnd,
  quarterRange,
  type RangePreset,
  resolvePreset,
  rollingPreset,
  rollingSeconds,
  SLOT_SECONDS,
} from '../presets';
import { type RangeChoice, resolveRange } from '../scope';
import { type DateWords, readDate, readLength, readNumber } from './dates';
import { RANGE_EXAMPLES } from './examples';
import { type MomentWords, readMoment, resolveMoment, type Sense, type Stretch } from './moment';

export type { Sense } from './moment';

/** What was understood, or what is wrong, at which character, and what may be written instead. */
export type ReadRange = { choice: RangeChoice } | { problem: string; at: number };

/** Years 1970 to 2105, as in addresses. */
const GREATEST_INSTANT = 4_291_747_200;

/**
 * Reads a time range in words. Days, weeks, months and years are those of the zone, quarters are UTC. A date without a year is the latest
 * that has begun; an end that is a day, a month or a quarter is included; what is not over yet ends now. What moves with the clock
 * ("last 3 days", "this month") stays a preset, so that it goes on moving.
 */
export function readRange(written: string, sense: Sense): ReadRange {
  const text = plain(written);
  if (text === '') return { problem: 'Nothing is written yet.', at: 0 };
  const found =
    preset(text) ??
    rolling(text, sense) ??
    quarters(text, sense) ??
    fiscal(text, sense) ??
    since(text, sense) ??
    single(text, sense) ??
    between(text, sense);
  return found ?? notUnderstood(written);
}

/** Where a range in words begins, or a moment such as "yesterday 14:00"; epoch seconds. */
export function readStart(written: string, sense: Sense): { from: number } | { problem: string; at: number } {
  const words = readMoment(plain(written));
  const start = words && resolveMoment(words, sense);
  if (start) return start.from > sense.now ? FUTURE : { from: start.from };
  const read = readRange(written, sense);
  return 'problem' in read
    ? read
    : { from: resolveRange({ range: read.choice, zone: sense.zone }, sense.now).from };
}

/** One spelling of what means the same: lower case, single spaces and hyphens, no filling words. */
function plain(written: string): string {
  return written
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[,\s]+/g, ' ')
    .replace(/(\d)t(?=\d\d:)/g, '$1 ')
    .replace(/\b(?:at|on|in|o'clock)\b/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .replace(/[.!?]+$/, '');
}

const TO_DATE = new Map<string, RangePreset>(
  Object.entries({
    wtd: 'this-week',
    mtd: 'this-month',
    qtd: 'this-quarter',
    ytd: 'this-year',
    'week to date': 'this-week',
    'month to date': 'this-month',
    'quarter to date': 'this-quarter',
    'year to date': 'this-year',
  } as const),
);

function preset(text: string): ReadRange | null {
  const dashed = text.replace(
    /^(this|last|previous) (week|month|quarter|year)$/,
    (_, which, unit) => `${which === 'previous' ? 'last' : which}-${unit}`,
  );
  const name = TO_DATE.get(text) ?? dashed;
  if (!isRangePreset(name) || rollingSeconds(name) !== null) return null;
  return { choice: { kind: 'preset', preset: name } };
}

function rolling(text: string, { now }: Sense): ReadRange | null {
  const found = /^(?:the )?(?:(last|past|previous|prev) )?(.+)$/.exec(text);
  const length = found && readLength(found[2] ?? '');
  // "h" alone is no length, "past hour" is one.
  if (!found || !length || (found[1] === undefined && !/^(?:\d|a |an |half |[a-z]+ [a-z])/.test(text)))
    return null;
  const name = rollingPreset(length.count * length.unit);
  if (name === null) return tooLong();
  const seconds = rollingSeconds(name) ?? 0;
  return seconds > now ? tooLong() : { choice: { kind: 'preset', preset: name } };
}

function tooLong(): ReadRange {
  return { problem: 'That is longer than ten years. Write a shorter range.', at: 0 };
}

/** "last 2 quarters": those that are over. */
function quarters(text: string, { now }: Sense): ReadRange | null {
  const found = /^(?:the )?(?:last|past|previous) (.+) quarters?$/.exec(text);
  const count = found && readNumber(found[1] ?? '');
  if (count === null || count === undefined || !Number.isInteger(count) || count < 1 || count > 40)
    return null;
  const current = fiscalQuarterAt(now, 1);
  const first = fiscalQuarterAfter(current, -count);
  const from = quarterRange(first.year, first.quarter).from;
  return checked({ from, to: quarterRange(current.year, current.quarter).from }, now);
}

/** "this fiscal quarter", "last fiscal year": by the month in which fiscal years begin; what is not over yet ends now. */
function fiscal(text: string, { now, fiscalStart }: Sense): ReadRange | null {
  const found = /^(?:the )?(this|current|last|past|previous) fiscal (quarter|year)$/.exec(text);
  if (!found) return null;
  const isOver = found[1] !== 'this' && found[1] !== 'current';
  const current = fiscalQuarterAt(now, fiscalStart);
  const isYear = found[2] === 'year';
  const first = fiscalQuarterAfter(
    isYear ? { ...current, quarter: 1 } : current,
    isOver ? (isYear ? -4 : -1) : 0,
  );
  const last = isYear ? { ...first, quarter: 4 } : first;
  const from = fiscalQuarterRange(first, fiscalStart).from;
  const to = isOver
    ? fiscalQuarterRange(last, fiscalStart).to
    : Math.max(lastSlotEnd(now), from + SLOT_SECONDS);
  return checked({ from, to }, now);
}

function since(text: string, sense: Sense): ReadRange | null {
  const found = /^(?:since|from|after) (.+?)(?: (?:to|until|till) now)?$/.exec(text);
  const words = found && readMoment(found[1] ?? '');
  const start = words && resolveMoment(words, sense);
  return start ? untilNow(start.from, sense) : null;
}

const RUNNING = ['today', 'this-week', 'this-month', 'this-quarter', 'this-year'] as const;

/** From an instant until now: the running day, week, month, quarter or year where it is one, as it goes on growing. */
function untilNow(from: number, { now, zone }: Sense): ReadRange {
  const running = RUNNING.find((each) => resolvePreset(each, now, zone).from === from);
  if (running) return { choice: { kind: 'preset', preset: running } };
  return checked({ from, to: Math.max(lastSlotEnd(now), from + SLOT_SECONDS) }, now);
}

function single(text: string, sense: Sense): ReadRange | null {
  const words = readMoment(text);
  if (!words) return null;
  const stretch = resolveMoment(words, sense);
  if (!stretch) return null;
  if (stretch.to === stretch.from) {
    return {
      problem: `"${text}" is one instant. Write where it ends, as in "${text} to now", or "since ${text}".`,
      at: 0,
    };
  }
  const named = asPreset(words, stretch, sense);
  return named ? { choice: { kind: 'preset', preset: named } } : checked(stretch, sense.now);
}

const NAMED = ['today', 'yesterday'] as const;

function asPreset({ date, time }: MomentWords, stretch: Stretch, { now, zone }: Sense): RangePreset | null {
  if (time !== null) return null;
  if (date?.is === 'days-ago') return NAMED[date.days] ?? null;
  if (date?.is === 'quarter') {
    const { year, quarter } = fiscalQuarterAt(stretch.from, 1);
    return stretch.from > now ? null : (`${year}-Q${quarter}` as RangePreset);
  }
  // What is under way goes on growing.
  if (stretch.from > now || stretch.to <= now) return null;
  return (
    RUNNING.find((each) => resolvePreset(each, now, zone).from === stretch.from && sameUnit(each, date)) ??
    null
  );
}

function sameUnit(name: (typeof RUNNING)[number], date: DateWords | null): boolean {
  if (date === null) return false;
  if (name === 'today') return date.is === 'day' || date.is === 'weekday';
  if (name === 'this-week') return date.is === 'week-of' || date.is === 'iso-week';
  if (name === 'this-month') return date.is === 'month';
  return name === 'this-year' && date.is === 'year';
}

const SEPARATOR = / ?(?:\b(?:to|until|till|through|thru|and)\b|->|\.\.+|-) ?/g;

function between(text: string, sense: Sense): ReadRange | null {
  const body = text.replace(/^(?:between|from) /, '');
  let problem: ReadRange | null = null;
  for (const found of body.matchAll(SEPARATOR)) {
    const left = body.slice(0, found.index);
    const right = body.slice(found.index + found[0].length);
    const ends = readEnds(left, right);
    const read = ends && resolveEnds(ends, sense);
    if (read && 'choice' in read) return read;
    problem ??= read;
  }
  return problem;
}

interface Ends {
  start: MomentWords;
  end: MomentWords;
}

const BARE_DAY = /^(\d{1,2})(?:st|nd|rd|th)?$/;

/** Both ends; what one of them leaves out is taken from the other: "12 - 15 Nov", "4 to 6pm". */
function readEnds(left: string, right: string): Ends | null {
  const half = / ?(am|pm)$/.exec(right)?.[1];
  const start = readMoment(left) ?? (half === undefined ? null : readMoment(`${left} ${half}`));
  const end = readMoment(right);
  if (start && end) return { start: sharedYear(start, end), end };
  if (end?.date?.is === 'day' && BARE_DAY.test(left)) {
    const date = sameMonth(end.date, left);
    return date && { start: { ...end, time: null, date }, end };
  }
  if (start?.date?.is === 'day' && BARE_DAY.test(right)) {
    const date = sameMonth(start.date, right);
    return date && { start, end: { ...start, time: null, date } };
  }
  return null;
}

function sameMonth(date: Extract<DateWords, { is: 'day' }>, text: string): DateWords | null {
  const day = BARE_DAY.exec(text)?.[1] ?? '';
  const read = readDate(`${date.year ?? 2024}-${date.month}-${day}`);
  return read?.is === 'day' ? { ...date, day: read.day } : null;
}

/** "28 Dec to 3 Jan 2026" begins in 2025. */
function sharedYear(start: MomentWords, { date: end }: MomentWords): MomentWords {
  const { date } = start;
  const hasYear = (words: DateWords | null) => words?.is === 'day' || words?.is === 'month';
  if (!hasYear(date) || !hasYear(end) || date.year !== null || end.year === null) return start;
  return { ...start, date: { ...date, year: end.year - (date.month > end.month ? 1 : 0) } };
}

function resolveEnds({ start: startWords, end: endWords }: Ends, sense: Sense): ReadRange | null {
  const start = resolveMoment(startWords, sense);
  if (!start) return null;
  if (endWords.date?.is === 'now') return untilNow(start.from, sense);
  const end = resolveMoment(endWords, sense, {
    after: start.from,
    sameDay: isLaterInTheDay(endWords, startWords),
  });
  if (!end) return null;
  if (end.from < start.from) return BACKWARDS;
  // "12 Nov to 11 Nov" is a slip, not a year that has yet to come.
  if (end.from > sense.now && end.from - start.from > HALF_A_YEAR) return BACKWARDS;
  // A day that is not over yet ends with what there is of it.
  const isUnderWay = end.from < end.to && end.from <= sense.now && end.to > sense.now;
  const to = isUnderWay ? Math.max(lastSlotEnd(sense.now), start.from + SLOT_SECONDS) : end.to;
  return checked({ from: start.from, to }, sense.now);
}

const HALF_A_YEAR = 183 * 86_400;
const FUTURE = { problem: 'That begins in the future. Write a time that has passed.', at: 0 };
const BACKWARDS = { problem: 'That ends before it begins. Write the earlier time first.', at: 0 };

/** "01:00 to 03:00" stays within the day even where clocks jump over 02:00 to 03:00. */
function isLaterInTheDay({ date, time: end }: MomentWords, { time: start }: MomentWords): boolean {
  if (date !== null || end?.is !== 'clock' || start?.is !== 'clock') return false;
  const seconds = ({ hour, minute, second }: typeof end.time) => (hour * 60 + minute) * 60 + second;
  return seconds(end.time) > seconds(start.time);
}

function checked({ from, to }: Stretch, now: number): ReadRange {
  if (from > now) return FUTURE;
  if (to === from)
    return {
      problem: 'Nothing lies between the two (clocks may jump over that time). Write a later end.',
      at: 0,
    };
  if (to < from) return BACKWARDS;
  if (from < 0 || to > GREATEST_INSTANT) return { problem: 'Write years from 1970 to 2105.', at: 0 };
  if (to - from > LONGEST_SECONDS) return tooLong();
  return { choice: { kind: 'absolute', from, to } };
}

const FILLING =
  /^(?:the|last|past|previous|prev|this|since|from|after|between|and|to|until|till|through|of|at|on|in|ago|week|date|utc|-+|\.+)$/;

/** Names the first word that means nothing; where each means something, they do not go together. */
function notUnderstood(written: string): ReadRange {
  for (const found of written.matchAll(/[^\s,]+/g)) {
    const word = plain(found[0]);
    if (word === '' || FILLING.test(word) || BARE_DAY.test(word)) continue;
    if (readMoment(word) || readLength(word) || readNumber(word) !== null || isRangePreset(word)) continue;
    if (
      !/^\d{4}-/.test(word) &&
      word.split('-').every((part) => part === '' || readMoment(part) || BARE_DAY.test(part))
    )
      continue;
    return { problem: `"${found[0].slice(0, 40)}" is not understood. ${ACCEPTED}`, at: found.index };
  }
  return { problem: `These words do not make a time range. ${ACCEPTED}`, at: 0 };
}

const ACCEPTED = `Write for example ${RANGE_EXAMPLES.slice(0, 4).join(', ')} or ${RANGE_EXAMPLES[4]}.`;
