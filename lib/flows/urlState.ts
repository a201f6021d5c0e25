import { createParser, parseAsStringLiteral } from 'nuqs/server';
import { DIRECTIONS } from './direction';
import type { Filters, NameTerm } from './filter/filter';
import { normalFilters } from './filter/normalForm';
import { OLD_KEYS, type OldKey, printOldLink, readOldLink } from './filter/oldLinks';
import { parseFilters } from './filter/parseFilter';
import { printFilters } from './filter/printFilter';
import { isRangePreset, type RangePreset, rollingPreset, rollingSeconds } from './presets';
import { COMPARE_CHOICES, type CompareChoice, DEFAULT_SCOPE, type Scope } from './scope';
import { isTimeZone } from './timeZone';

/** Years 1970 to 2105: what a ClickHouse DateTime holds. */
const GREATEST_INSTANT = 4_291_747_200;

/** `2026-11-21T10:00:00Z`, seconds optional, UTC only; null for anything else. */
export function parseInstant(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d{1,3})?Z$/.test(text)) return null;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) return null;
  const seconds = Math.floor(milliseconds / 1000);
  // JavaScript reads 30 February as 2 March.
  if (printInstant(seconds).slice(0, 10) !== text.slice(0, 10)) return null;
  return seconds >= 0 && seconds <= GREATEST_INSTANT ? seconds : null;
}

/** Epoch seconds as `2026-11-21T10:00:00Z`. */
export function printInstant(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

const filterParser = createParser<Filters>({
  parse: (text) => {
    const read = parseFilters(text);
    return 'filters' in read ? read.filters : null;
  },
  serialize: printFilters,
  eq: (a, b) => printFilters(a) === printFilters(b),
});

function oldParser(key: OldKey) {
  return createParser<NameTerm>({
    parse: (text) => readOldLink(key, text),
    serialize: printOldLink,
    eq: (a, b) => printOldLink(a) === printOldLink(b),
  });
}

/** A length of time has one name, so that `1d` and `24h` are one address. */
function parsePreset(text: string): RangePreset | null {
  const seconds = rollingSeconds(text);
  if (seconds !== null) return rollingPreset(seconds);
  return isRangePreset(text) ? text : null;
}

function parseCompare(text: string): CompareChoice | null {
  const named = COMPARE_CHOICES.find((choice) => choice === text);
  if (named) return named;
  const from = parseInstant(text);
  return from === null ? null : { from };
}

function printCompare(compare: CompareChoice): string {
  return typeof compare === 'object' ? printInstant(compare.from) : compare;
}

/**
 * The scope's keys in the URL: the same map for the server's loader and the client's hook. `region`, `type` and `ip` are of links from before
 * `filter`: what they say is joined to it.
 */
export const scopeParsers = {
  range: createParser<RangePreset>({
    parse: parsePreset,
    serialize: (preset) => preset,
  }),
  from: createParser<number>({ parse: parseInstant, serialize: printInstant }),
  to: createParser<number>({ parse: parseInstant, serialize: printInstant }),
  zone: createParser<string>({
    parse: (text) => (isTimeZone(text) ? text : null),
    serialize: (zone) => zone,
  }),
  dir: parseAsStringLiteral(DIRECTIONS),
  filter: filterParser,
  region: oldParser('region'),
  type: oldParser('type'),
  ip: oldParser('ip'),
  compare: createParser<CompareChoice>({
    parse: parseCompare,
    serialize: printCompare,
    eq: (a, b) => printCompare(a) === printCompare(b),
  }),
};

export const REFRESH_CHOICES = ['off', '10s', '30s', '60s'] as const;
export const UNIT_CHOICES = ['bits', 'bytes'] as const;
export const SCALE_CHOICES = ['linear', 'log'] as const;
export const SHARE_CHOICES = ['0', '1'] as const;
export const MEASURE_CHOICES = ['volume', 'traffic', 'uniqueness', 'magnitude'] as const;

/** How the page shows the scope; never changes what is asked. */
export const viewParsers = {
  refresh: parseAsStringLiteral(REFRESH_CHOICES),
  unit: parseAsStringLiteral(UNIT_CHOICES),
  scale: parseAsStringLiteral(SCALE_CHOICES),
  /** 1 = hundred-percent area */
  share: parseAsStringLiteral(SHARE_CHOICES),
  /** what the heatmap's cells show */
  measure: parseAsStringLiteral(MEASURE_CHOICES),
  /** network types that the stacked area leaves out */
  hide: createParser<string[]>({
    parse: (text) => {
      const types = text.split(',');
      return types.every((type) => type !== '' && type.length <= 64) ? [...new Set(types)].sort() : null;
    },
    serialize: (types) => [...types].sort().join(','),
    eq: (a, b) => [...a].sort().join() === [...b].sort().join(),
  }),
};

type Values<Parsers extends Record<string, { parse(text: string): unknown }>> = {
  [Key in keyof Parsers]: NonNullable<ReturnType<Parsers[Key]['parse']>> | null;
};
export type ScopeValues = Values<typeof scopeParsers>;
export type ViewValues = Values<typeof viewParsers>;

/** The scope that URL values mean. Missing values take their default; `from` and `to` win over `range` when both are there. */
export function scopeOf(values: ScopeValues): Scope {
  const { from, to } = values;
  const old = OLD_KEYS.flatMap((key) => values[key] ?? []);
  return {
    range:
      from !== null && to !== null && from < to
        ? { kind: 'absolute', from, to }
        : values.range !== null
          ? { kind: 'preset', preset: values.range }
          : DEFAULT_SCOPE.range,
    zone: values.zone ?? DEFAULT_SCOPE.zone,
    direction: values.dir ?? DEFAULT_SCOPE.direction,
    filters: normalFilters([...(values.filter ?? []), ...old]),
    compare: values.compare ?? DEFAULT_SCOPE.compare,
  };
}

/** The URL values of a scope; null where it is the default, so that a plain scope is a plain URL. */
export function valuesOf(scope: Scope): ScopeValues {
  const absolute = scope.range.kind === 'absolute' ? scope.range : null;
  const preset = scope.range.kind === 'preset' ? scope.range.preset : null;
  const defaultPreset = DEFAULT_SCOPE.range.kind === 'preset' ? DEFAULT_SCOPE.range.preset : null;
  return {
    range: preset === defaultPreset ? null : preset,
    from: absolute?.from ?? null,
    to: absolute?.to ?? null,
    zone: scope.zone === DEFAULT_SCOPE.zone ? null : scope.zone,
    dir: scope.direction === DEFAULT_SCOPE.direction ? null : scope.direction,
    filter: scope.filters.length === 0 ? null : scope.filters,
    region: null,
    type: null,
    ip: null,
    compare: scope.compare === DEFAULT_SCOPE.compare ? null : scope.compare,
  };
}

/** Characters that a line can hold of what stands in an address. */
const MOST_TEXT = 40;

const SCOPE_KEYS = Object.keys(scopeParsers) as (keyof typeof scopeParsers)[];

/** The canonical query string of a scope: keys in fixed order, defaults left out. Equal scopes print equally. */
export function printScope(scope: Scope): string {
  const values = valuesOf(scope);
  const search = new URLSearchParams();
  const put = <Value>(key: string, value: Value | null, serialize: (value: Value) => string) => {
    if (value !== null) search.set(key, serialize(value));
  };
  put('range', values.range, scopeParsers.range.serialize);
  put('from', values.from, scopeParsers.from.serialize);
  put('to', values.to, scopeParsers.to.serialize);
  put('zone', values.zone, scopeParsers.zone.serialize);
  put('dir', values.dir, scopeParsers.dir.serialize);
  put('filter', values.filter, scopeParsers.filter.serialize);
  put('compare', values.compare, scopeParsers.compare.serialize);
  return search.toString();
}

export interface ScopeProblem {
  key: keyof typeof scopeParsers;
  message: string;
  /** the part at fault, where it is known, and what is wrong with it */
  part?: { text: string; why: string };
}

function problemOf(key: keyof typeof scopeParsers, text: string): ScopeProblem {
  return { key, message: `${key} is "${text.slice(0, 80)}": use ${ACCEPTS[key]}` };
}

/** What is wrong with a filter, and where; its characters are counted from 1. */
function filterProblem(text: string): ScopeProblem {
  const read = parseFilters(text);
  if ('filters' in read) throw new Error(`the filter ${text} can be read`);
  const { message, offset, length } = read.error;
  const why = `${message} (${length === 0 ? 'at the end' : `at character ${offset + 1}`})`;
  const at = text.slice(offset, offset + length) || text.slice(-MOST_TEXT);
  return { key: 'filter', message: `filter: ${why}`, part: { text: at.slice(0, MOST_TEXT), why } };
}

/** What each key accepts, for error messages. */
const ACCEPTS: Record<keyof typeof scopeParsers, string> = {
  range: 'a preset such as 24h, 90m, 3d, this-quarter, last-quarter or 2025-Q4',
  from: 'a UTC instant such as 2026-11-21T10:00:00Z',
  to: 'a UTC instant such as 2026-11-22T10:00:00Z, after from',
  zone: 'an IANA zone such as Europe/Berlin',
  dir: DIRECTIONS.join(', '),
  filter: 'terms such as type = CDN and port in (443, 8000-8100)',
  region: 'region names with commas between; ! in front leaves them out',
  type: 'network types with commas between; ! in front leaves them out',
  ip: '4 or 6',
  compare: `${COMPARE_CHOICES.join(', ')}, or the UTC instant at which the compared range begins`,
};

/**
 * Reads a scope strictly: every key that cannot be read is named. Pages are lenient instead (nuqs drops what it cannot read),
 * because a link with one bad key should still open.
 */
export function parseScope(search: URLSearchParams): { scope: Scope } | { problems: ScopeProblem[] } {
  const problems: ScopeProblem[] = [];
  const read = <Value>(
    key: keyof typeof scopeParsers,
    parse: (text: string) => Value | null,
  ): Value | null => {
    const text = search.get(key);
    if (text === null) return null;
    const value = parse(text);
    if (value === null) problems.push(key === 'filter' ? filterProblem(text) : problemOf(key, text));
    return value;
  };
  const values: ScopeValues = {
    range: read('range', scopeParsers.range.parse),
    from: read('from', scopeParsers.from.parse),
    to: read('to', scopeParsers.to.parse),
    zone: read('zone', scopeParsers.zone.parse),
    dir: read('dir', scopeParsers.dir.parse),
    filter: read('filter', scopeParsers.filter.parse),
    region: read('region', scopeParsers.region.parse),
    type: read('type', scopeParsers.type.parse),
    ip: read('ip', scopeParsers.ip.parse),
    compare: read('compare', scopeParsers.compare.parse),
  };
  const asked = { from: search.has('from'), to: search.has('to') };
  if (asked.from !== asked.to) {
    const missing = asked.from ? 'to' : 'from';
    problems.push({ key: missing, message: `${missing} is missing: give both from and to, or a range` });
  } else if (values.from !== null && values.to !== null && values.from >= values.to) {
    problems.push({ key: 'to', message: 'to is not after from: a range is half-open and never empty' });
  }
  return problems.length > 0 ? { problems } : { scope: scopeOf(values) };
}

export function isScopeKey(key: string): key is keyof typeof scopeParsers {
  return (SCOPE_KEYS as string[]).includes(key);
}

/** One part of an address that was not understood. */
export interface Unread {
  key: string;
  /** as it stands in the address, or the part of it that is at fault, cut to what a line can hold */
  text: string;
  /** what it may be */
  accepts: string;
  /** what is wrong with it, where that is known more exactly */
  why?: string;
}

/**
 * The parts of an address that no parser could read: the page opens without them (a link with one bad key should still open) and
 * says so. Keys that nobody knows are left alone; they may be another page's or another program's.
 */
export function unreadParts(search: URLSearchParams): Unread[] {
  const read = parseScope(search);
  const shown = (key: string) => (search.get(key) ?? 'missing').slice(0, MOST_TEXT);
  const unread = 'problems' in read ? read.problems : [];
  const view = Object.entries(viewParsers).flatMap(([key, parser]) => {
    const text = search.get(key);
    return text !== null && parser.parse(text) === null
      ? [{ key, text: shown(key), accepts: VIEW_ACCEPTS[key as ViewKey] }]
      : [];
  });
  return [
    ...unread.map(({ key, part }) =>
      part === undefined
        ? { key, text: shown(key), accepts: ACCEPTS[key] }
        : { key, text: part.text, accepts: ACCEPTS[key], why: part.why },
    ),
    ...view,
  ];
}

type ViewKey = keyof typeof viewParsers;
const VIEW_ACCEPTS: Record<ViewKey, string> = {
  refresh: REFRESH_CHOICES.join(', '),
  unit: UNIT_CHOICES.join(', '),
  scale: SCALE_CHOICES.join(', '),
  share: SHARE_CHOICES.join(', '),
  measure: MEASURE_CHOICES.join(', '),
  hide: 'network types with commas between',
};
