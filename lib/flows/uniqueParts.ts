import { type Ask, type Choice, ceil, isKept, namesOf, type Part, planOf, printed } from './plan';
import type { TimeRange } from './presets';
import type { Table } from './tables';

const HOUR = 3_600;
const DAY = 86_400;

/** Rollups of distinct addresses, finest first, with the edges of their slots. All are UTC: a state cannot be cut. */
const LEVELS = [
  {
    table: 'uniques_1h',
    slot: 'whole UTC hours',
    floor: (t: number) => t - (t % HOUR),
    next: (t: number) => t + HOUR,
  },
  {
    table: 'uniques_1d',
    slot: 'whole UTC days',
    floor: (t: number) => t - (t % DAY),
    next: (t: number) => t + DAY,
  },
  { table: 'uniques_1mo', slot: 'whole UTC months', floor: startOfMonth, next: nextMonth },
] as const satisfies readonly {
  table: Table;
  slot: string;
  floor(t: number): number;
  next(t: number): number;
}[];

type Level = (typeof LEVELS)[number];

function startOfMonth(t: number): number {
  const date = new Date(t * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
}

function nextMonth(t: number): number {
  const date = new Date(t * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000;
}

/**
 * Distinct addresses of a range: whole months, then whole days, then hours at the edges, merged and never added. An edge that no kept state
 * meets is moved outward to the nearest one, and the plan says so.
 */
export function chooseUniques(asked: Ask): Choice {
  const ask = { ...asked, retention: wholePeriods(asked) };
  const start = edge(ask, ask.range.from, (level, t) => level.floor(t));
  const end = edge(ask, ask.range.to, (level, t) => (level.floor(t) === t ? t : level.next(level.floor(t))));
  if (!start || !end) {
    const months = ask.retention.uniques_1mo ?? 0;
    return {
      refusal: {
        code: 'not_retained',
        why: `states of distinct addresses are kept from ${printed(months)} on, and the range begins at ${printed(ask.range.from)}`,
        change: `Choose a range that begins at ${printed(months)} or later.`,
        retainedFrom: months,
      },
    };
  }
  const range: TimeRange = { from: start.t, to: end.t };
  const parts = compose(ask, range);
  const names = parts.map(({ table }) => table).filter((table, i, all) => all.indexOf(table) === i);
  const reason = `${names.join(', ')}: distinct addresses by ${namesOf(ask.dimensions)} are merged from the longest whole periods`;
  const coarser = LEVELS.indexOf(start.level) > LEVELS.indexOf(end.level) ? start.level : end.level;
  return { plan: planOf(ask, range, parts, null, reason, `distinct addresses by ${coarser.slot}`) };
}

/** Hours are used for days that are kept whole, days for months that are, so that every edge can be reached from a longer period. */
function wholePeriods({ retention }: Ask): Ask['retention'] {
  const { uniques_1h: hours, uniques_1d: days } = retention;
  return {
    ...retention,
    uniques_1h: hours === null ? null : ceil(hours, DAY),
    uniques_1d: days === null ? null : startOfMonth(days) === days ? days : nextMonth(days),
  };
}

/** The nearest edge outward for which the state that ends the range there is kept. */
function edge(
  ask: Ask,
  t: number,
  round: (level: Level, t: number) => number,
): { t: number; level: Level } | null {
  for (const level of LEVELS) {
    const rounded = round(level, t);
    // The slots on both sides of an edge belong to one retention: the earlier one decides.
    if (isKept(ask, level.table, Math.min(rounded, level.floor(t)))) return { t: rounded, level };
  }
  return null;
}

function compose(ask: Ask, range: TimeRange): Part[] {
  const parts: Part[] = [];
  let t = range.from;
  while (t < range.to) {
    const level = longest(ask, t, range.to);
    const to = level.next(t);
    const last = parts.at(-1);
    if (last && last.table === level.table) last.to = to;
    else parts.push({ table: level.table, from: t, to });
    t = to;
  }
  return parts;
}

/** The longest kept period that begins at t and ends within the range. */
function longest(ask: Ask, t: number, end: number): Level {
  for (const level of [...LEVELS].reverse()) {
    if (level.floor(t) === t && level.next(t) <= end && isKept(ask, level.table, t)) return level;
  }
  return LEVELS[0];
}
