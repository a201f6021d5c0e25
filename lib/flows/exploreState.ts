import { createParser, parseAsStringLiteral } from 'nuqs/server';
import { type BucketName, STEP_NAMES } from './buckets';
import { DIMENSIONS, type Dimension } from './dimensions';
import { MOST_DIMENSIONS, MOST_GROUPS, SERIES_MEASURES, type SeriesMeasure } from './exploreLimits';
import { dimensionByWord } from './filter/words';
import { countsAddresses } from './measures';
import type { Scope } from './scope';
import { printScope } from './urlState';

/** How an answer is drawn; `auto` leaves it to what the answer holds. */
export const VISUALS = ['auto', 'area', 'share', 'lines', 'multiples', 'sankey', 'heatmap', 'table'] as const;
export type Visual = (typeof VISUALS)[number];

/** What the Explore page asks and how it draws the answer; what it asks about is the scope. */
export interface ExploreState {
  measure: SeriesMeasure;
  /** up to three; nothing = the total alone */
  by: readonly Dimension[];
  visual: Visual;
  /** groups that are named, 1 to 50; the rest is Other */
  top: number;
  /** ingress above the line, egress below it */
  mirror: boolean;
  /** null = chosen by the length of the range */
  step: BucketName | null;
  /** draws the 95th percentile of the total */
  p95: boolean;
  /** small multiples: each has a scale of its own */
  own: boolean;
  /** keys of series (`seriesKey`) that are left out of the picture */
  hidden: readonly string[];
}

export const DEFAULT_EXPLORE: ExploreState = {
  measure: 'traffic',
  by: ['type'],
  visual: 'auto',
  top: 8,
  mirror: false,
  step: null,
  p95: false,
  own: false,
  hidden: [],
};

/** `?by=none`: an empty value would look like a mistake. */
const NOTHING = 'none';

function parseBy(text: string): Dimension[] | null {
  if (text === NOTHING) return [];
  const names = text.split(',');
  // The words of filters are read too: `port` is `servicePort`.
  const known = names.map(dimensionByWord).filter((dimension) => dimension !== null);
  const fits =
    known.length === names.length && known.length <= MOST_DIMENSIONS && new Set(known).size === known.length;
  return fits ? known : null;
}

function parseTop(text: string): number | null {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= MOST_GROUPS ? value : null;
}

/** More would make an address that nobody can paste. */
const MOST_HIDDEN = MOST_GROUPS + 1;
const LONGEST_KEY = 400;

function parseHidden(text: string): string[] | null {
  const keys = text.split(',');
  const fits = keys.length <= MOST_HIDDEN && keys.every((key) => key.length > 0 && key.length <= LONGEST_KEY);
  return fits ? [...new Set(keys)].sort() : null;
}

const yes = parseAsStringLiteral(['1']);

/** The page's keys in the URL. They differ from those of every other page, as an address goes along from page to page. */
export const exploreParsers = {
  of: parseAsStringLiteral(SERIES_MEASURES),
  by: createParser<Dimension[]>({
    parse: parseBy,
    serialize: (by) => (by.length === 0 ? NOTHING : by.join(',')),
    eq: (a, b) => a.join() === b.join(),
  }),
  as: parseAsStringLiteral(VISUALS),
  top: createParser<number>({ parse: parseTop, serialize: String }),
  mirror: yes,
  step: parseAsStringLiteral(STEP_NAMES),
  p95: yes,
  own: yes,
  off: createParser<string[]>({
    parse: parseHidden,
    serialize: (keys) => [...keys].sort().join(','),
    eq: (a, b) => [...a].sort().join() === [...b].sort().join(),
  }),
};

type ExploreKey = keyof typeof exploreParsers;
export type ExploreValues = {
  [Key in ExploreKey]: NonNullable<ReturnType<(typeof exploreParsers)[Key]['parse']>> | null;
};

/** The state that URL values mean; missing ones take their default. */
export function exploreOf(values: ExploreValues): ExploreState {
  return {
    measure: values.of ?? DEFAULT_EXPLORE.measure,
    by: values.by ?? DEFAULT_EXPLORE.by,
    visual: values.as ?? DEFAULT_EXPLORE.visual,
    top: values.top ?? DEFAULT_EXPLORE.top,
    mirror: values.mirror === '1',
    step: values.step ?? null,
    p95: values.p95 === '1',
    own: values.own === '1',
    hidden: values.off ?? DEFAULT_EXPLORE.hidden,
  };
}

/** The URL values of a state; null where it is the default, so that a plain question is a plain address. */
export function exploreValues(state: ExploreState): ExploreValues {
  const isDefaultBy = state.by.join() === DEFAULT_EXPLORE.by.join();
  return {
    of: state.measure === DEFAULT_EXPLORE.measure ? null : state.measure,
    by: isDefaultBy ? null : [...state.by],
    as: state.visual === DEFAULT_EXPLORE.visual ? null : state.visual,
    top: state.top === DEFAULT_EXPLORE.top ? null : state.top,
    mirror: state.mirror ? '1' : null,
    step: state.step,
    p95: state.p95 ? '1' : null,
    own: state.own ? '1' : null,
    off: state.hidden.length === 0 ? null : [...state.hidden],
  };
}

/** A change of what is asked brings other series, so those that were hidden are forgotten. */
export function changedExplore(state: ExploreState, change: Partial<ExploreState>): ExploreState {
  const asksAnew = 'measure' in change || 'by' in change || 'top' in change;
  return { ...state, ...(asksAnew ? { hidden: [] } : {}), ...change };
}

/** The path of a page that asks this of a scope. */
export function exploreLink(scope: Scope, state: Partial<ExploreState>): string {
  const search = new URLSearchParams(printScope(scope));
  const values = exploreValues({ ...DEFAULT_EXPLORE, ...state });
  const put = <Value>(key: string, value: Value | null, serialize: (value: Value) => string) => {
    if (value !== null) search.set(key, serialize(value));
  };
  put('of', values.of, String);
  put('by', values.by, exploreParsers.by.serialize);
  put('as', values.as, String);
  put('top', values.top, String);
  put('mirror', values.mirror, String);
  put('step', values.step, String);
  put('p95', values.p95, String);
  put('own', values.own, String);
  put('off', values.off, exploreParsers.off.serialize);
  const query = search.toString();
  return query === '' ? '/explore' : `/explore?${query}`;
}

/** What each key accepts, for a link that was not understood. */
const ACCEPTS: Record<ExploreKey, string> = {
  of: SERIES_MEASURES.join(', '),
  by: `none, or up to ${MOST_DIMENSIONS} of ${DIMENSIONS.join(', ')}, with commas between`,
  as: VISUALS.join(', '),
  top: `a whole number from 1 to ${MOST_GROUPS}`,
  mirror: '1',
  step: STEP_NAMES.join(', '),
  p95: '1',
  own: '1',
  off: 'keys of series with commas between',
};

/** The parts of an address that belong to Explore and could not be read. */
export function unreadExplore(search: URLSearchParams): { key: string; text: string; accepts: string }[] {
  return (Object.keys(exploreParsers) as ExploreKey[]).flatMap((key) => {
    const text = search.get(key);
    if (text === null || exploreParsers[key].parse(text) !== null) return [];
    return [{ key, text: text.slice(0, 40), accepts: ACCEPTS[key] }];
  });
}

/** Name of a series in the address: its keys joined, with what joins them escaped. Other is `*`. */
export function seriesKey(keys: readonly string[] | null): string {
  if (keys === null) return '*';
  return keys.map((key) => key.replace(/[%,~*]/g, percent)).join('~') || '~';
}

function percent(mark: string): string {
  return `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Whether areas may stand on one another: sums add up; distinct addresses and ratios of them do not. */
export function canStack(measure: SeriesMeasure): boolean {
  return !countsAddresses(measure);
}

/** More series than this are read as a table. */
export const MOST_DRAWN = 20;

/** What is drawn: a number for one moment, a table for many series, and nothing stacked that does not add up. */
export type Drawn = Exclude<Visual, 'auto'> | 'numbers';

/**
 * The visual for an answer, and why it is not the one that was asked for.
 * @param series that the answer holds, Other included
 * @param buckets that the answer holds
 */
export function visualFor(
  { visual, measure }: Pick<ExploreState, 'visual' | 'measure'>,
  series: number,
  buckets: number,
): { drawn: Drawn; why: string | null } {
  if (visual === 'sankey' || visual === 'heatmap' || visual === 'table') return { drawn: visual, why: null };
  if (buckets === 1) return { drawn: 'numbers', why: 'The range is one bucket, so it is told in numbers.' };
  if (visual === 'auto' && series > MOST_DRAWN) {
    return { drawn: 'table', why: `${series} series are too many to tell apart, so they stand in a table.` };
  }
  if (visual === 'multiples' || visual === 'lines') return { drawn: visual, why: null };
  if (canStack(measure)) return { drawn: visual === 'auto' ? 'area' : visual, why: null };
  const why =
    measure === 'uniqueness'
      ? 'One address can be in several groups, so distinct addresses are not added up: they are drawn as lines.'
      : 'Bits per address are ratios, which do not add up: they are drawn as lines.';
  return { drawn: 'lines', why: visual === 'auto' ? null : why };
}
