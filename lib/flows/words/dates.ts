/** Dates as they are written: which day, month, year or stretch of the calendar is meant, before anybody asked when it is now. */

export type DateWords =
  | { is: 'day'; year: number | null; month: number; day: number }
  | { is: 'month'; year: number | null; month: number }
  | { is: 'year'; year: number }
  /** 0 = Sunday; `before` = not today even where today is one */
  | { is: 'weekday'; weekday: number; before: boolean }
  | { is: 'days-ago'; days: number }
  /** the day of the same number, or the last one of a shorter month */
  | { is: 'months-ago'; months: number }
  /** whole weeks, months, quarters or years, so many back from the current one */
  | { is: 'calendar'; unit: CalendarUnit; back: number }
  | { is: 'weekend'; before: boolean }
  | { is: 'week-of'; year: number | null; month: number; day: number }
  | { is: 'iso-week'; year: number; week: number }
  | { is: 'quarter'; year: number | null; quarter: number }
  | { is: 'fiscal-quarter'; year: number; quarter: number }
  | { is: 'fiscal-year'; year: number }
  /** an instant so many seconds back */
  | { is: 'ago'; seconds: number }
  | { is: 'now' };

export type CalendarUnit = 'week' | 'month' | 'quarter' | 'year';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;
const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
] as const;
const ORDINALS = ['first', 'second', 'third', 'fourth'] as const;

/** 1 to 12; "jan", "sept" and "january" alike. */
function readMonth(text: string): number | null {
  const full = MONTH_NAMES.indexOf(text as (typeof MONTH_NAMES)[number]);
  if (full >= 0) return full + 1;
  const short = MONTHS.indexOf((text === 'sept' ? 'sep' : text) as (typeof MONTHS)[number]);
  return short >= 0 ? short + 1 : null;
}

/** 0 = Sunday; "mon", "tues" and "thursday" alike. */
function readWeekday(text: string): number | null {
  const found = text.length < 3 ? -1 : WEEKDAYS.findIndex((name) => name.startsWith(text));
  return found >= 0 ? found : null;
}

/** "3", "1.5", "three", "a", "half an", "a couple of"; null for anything else. */
export function readNumber(text: string): number | null {
  if (/^\d{1,7}(\.\d{1,3})?$/.test(text)) return Number(text);
  if (text === 'a' || text === 'an') return 1;
  if (text === 'half an' || text === 'half a') return 0.5;
  if (text === 'a couple of' || text === 'couple of') return 2;
  const word = NUMBERS.indexOf(text as (typeof NUMBERS)[number]);
  return word >= 0 ? word : null;
}

/** "26" is 2026. */
export function readYear(text: string): number | null {
  if (/^(19[7-9]\d|20\d\d)$/.test(text)) return Number(text);
  return /^'?\d\d$/.test(text) ? 2000 + Number(text.replace("'", '')) : null;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
const YEAR_DAYS = 365 * DAY;
const LENGTHS = new Map<string, number>(
  Object.entries({
    s: 1,
    sec: 1,
    second: 1,
    m: 60,
    min: 60,
    minute: 60,
    h: HOUR,
    hr: HOUR,
    hour: HOUR,
    d: DAY,
    day: DAY,
    w: 7 * DAY,
    wk: 7 * DAY,
    week: 7 * DAY,
    fortnight: 14 * DAY,
    // Lengths, not calendar: the words under the field say the days that they were taken for.
    mo: MONTH,
    month: MONTH,
    y: YEAR_DAYS,
    yr: YEAR_DAYS,
    year: YEAR_DAYS,
  }),
);

export interface LengthWords {
  count: number;
  /** seconds of one */
  unit: number;
}

/** "3 days", "90min", "half an hour", "year"; null for anything else. A month is 30 days here and a year 365. */
export function readLength(text: string): LengthWords | null {
  const found = /^(.*?) ?\b([a-z]+)$/.exec(text.replace(/(\d)([a-z])/g, '$1 $2'));
  if (!found) return null;
  const unit = LENGTHS.get(found[2] ?? '') ?? LENGTHS.get((found[2] ?? '').replace(/s$/, ''));
  const count = found[1] === '' ? 1 : readNumber(found[1] ?? '');
  return unit === undefined || count === null || count <= 0 ? null : { count, unit };
}

const DAY_NUMBER = String.raw`(\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?: (?:of )?('?\d\d|\d{4}))?`;

type Rule = readonly [RegExp, (...found: string[]) => DateWords | null];

const RULES: readonly Rule[] = [
  [/^now$/, () => ({ is: 'now' })],
  [/^today$/, () => ({ is: 'days-ago', days: 0 })],
  [/^yesterday$/, () => ({ is: 'days-ago', days: 1 })],
  [/^(?:the )?day before yesterday$/, () => ({ is: 'days-ago', days: 2 })],
  [/^(.+) ago$/, (length = '') => readAgo(length)],
  [/^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/, (year, month, day) => dayOf(year, month, day)],
  [/^(\d{4})[-/](\d{1,2})$/, (year, month) => monthOf(year, month)],
  [/^(\d{4})$/, (text = '') => yearOf(text)],
  [new RegExp(`^${DAY_NUMBER} (?:of )?([a-z]+)${YEAR}$`), (day, month, year) => named(year, month, day)],
  [new RegExp(`^([a-z]+) ${DAY_NUMBER}(?: (\\d{4}))?$`), (month, day, year) => named(year, month, day)],
  [new RegExp(`^([a-z]+)${YEAR}$`), (month, year) => namedMonth(year, month)],
  [/^(last |this |previous )?([a-z]+)$/, (which = '', name = '') => readNamed(which, name)],
  [
    new RegExp(`^(?:the )?week of (?:${DAY_NUMBER} (?:of )?([a-z]+)|([a-z]+) ${DAY_NUMBER})(?: (\\d{4}))?$`),
    (day, month, month2, day2, year) => weekOf(named(year, month ?? month2, day ?? day2)),
  ],
  [/^(\d{4})-?w(\d\d)$/, (year, week) => isoWeek(year, week)],
  [/^q([1-4])(?:[ /-]?('?\d\d|\d{4}))?$/, (quarter, year) => quarterOf(year, quarter)],
  [/^(\d{4})[ /-]?q([1-4])$/, (year, quarter) => quarterOf(year, quarter)],
  [
    /^(?:the )?(1st|2nd|3rd|4th|first|second|third|fourth) quarter(?: (?:of )?(\d{4}))?$/,
    (which = '', year) => quarterOf(year, String(ordinal(which))),
  ],
  [/^fy ?'?(\d\d|\d{4})[ -]?q([1-4])$/, (year, quarter) => fiscal(year, quarter)],
  [/^q([1-4])[ -]?fy ?'?(\d\d|\d{4})$/, (quarter, year) => fiscal(year, quarter)],
  [/^(?:fy ?|fiscal year )'?(\d\d|\d{4})$/, (year) => fiscal(year, null)],
];

/** One date; null where the words are none. Lower case, single spaces, no commas. */
export function readDate(text: string): DateWords | null {
  for (const [pattern, make] of RULES) {
    const found = pattern.exec(text);
    const date = found && make(...found.slice(1));
    if (date) return date;
  }
  return null;
}

function readAgo(text: string): DateWords | null {
  const length = readLength(text);
  if (length === null) return null;
  const { count, unit } = length;
  if (!Number.isInteger(count) || unit < DAY) return { is: 'ago', seconds: count * unit };
  if (unit === MONTH) return { is: 'months-ago', months: count };
  if (unit === YEAR_DAYS) return { is: 'months-ago', months: 12 * count };
  return { is: 'days-ago', days: (count * unit) / DAY };
}

const CALENDAR_UNITS: readonly string[] = ['week', 'month', 'quarter', 'year'] satisfies CalendarUnit[];

function readNamed(which: string, name: string): DateWords | null {
  const before = which === 'last ' || which === 'previous ';
  const weekday = readWeekday(name);
  if (weekday !== null) return { is: 'weekday', weekday, before };
  if (name === 'weekend') return { is: 'weekend', before };
  if (which !== '' && CALENDAR_UNITS.includes(name))
    return { is: 'calendar', unit: name as CalendarUnit, back: before ? 1 : 0 };
  // "this morning" is a part of today.
  return null;
}

function dayOf(year = '', month = '', day = ''): DateWords | null {
  const [y, m, d] = [readYear(year), Number(month), Number(day)];
  return y === null || !isDay(y, m, d) ? null : { is: 'day', year: y, month: m, day: d };
}

function monthOf(year = '', month = ''): DateWords | null {
  const [y, m] = [readYear(year), Number(month)];
  return y === null || m < 1 || m > 12 ? null : { is: 'month', year: y, month: m };
}

function yearOf(text: string): DateWords | null {
  const year = readYear(text);
  return year === null ? null : { is: 'year', year };
}

function named(year: string | undefined, month = '', day = ''): DateWords | null {
  const [y, m, d] = [year === undefined ? null : readYear(year), readMonth(month), Number(day)];
  if (m === null || (year !== undefined && y === null)) return null;
  // 29 February is a day of some years.
  return isDay(y ?? 2024, m, d) ? { is: 'day', year: y, month: m, day: d } : null;
}

function namedMonth(year: string | undefined, month = ''): DateWords | null {
  const [y, m] = [year === undefined ? null : readYear(year), readMonth(month)];
  return m === null || (year !== undefined && y === null) ? null : { is: 'month', year: y, month: m };
}

function weekOf(day: DateWords | null): DateWords | null {
  return day?.is === 'day' ? { ...day, is: 'week-of' } : null;
}

function isoWeek(year = '', week = ''): DateWords | null {
  const [y, w] = [readYear(year), Number(week)];
  return y === null || w < 1 || w > weeksOf(y) ? null : { is: 'iso-week', year: y, week: w };
}

/** A year has 53 ISO weeks where it begins or ends on a Thursday. */
function weeksOf(year: number): number {
  const thursday = (month: number, day: number) => new Date(Date.UTC(year, month, day)).getUTCDay() === 4;
  return thursday(0, 1) || thursday(11, 31) ? 53 : 52;
}

function quarterOf(year: string | undefined, quarter = ''): DateWords | null {
  const y = year === undefined ? null : readYear(year);
  return year !== undefined && y === null ? null : { is: 'quarter', year: y, quarter: Number(quarter) };
}

function ordinal(text: string): number {
  const word = ORDINALS.indexOf(text as (typeof ORDINALS)[number]);
  return word >= 0 ? word + 1 : Number(text.charAt(0));
}

function fiscal(year = '', quarter: string | null = null): DateWords | null {
  const y = readYear(year);
  if (y === null) return null;
  return quarter === null
    ? { is: 'fiscal-year', year: y }
    : { is: 'fiscal-quarter', year: y, quarter: Number(quarter) };
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
