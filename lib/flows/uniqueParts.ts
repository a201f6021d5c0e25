import { nextMonth, nextThird, startOfMonth, startOfThird } from './months';
import { type Ask, type Choice, isKept, namesOf, type Part, planOf, printed } from './plan';
import type { TimeRange } from './presets';
import { TABLE_FACTS, type Table } from './tables';

const HOUR = 3_600;

/** A table of distinct addresses with the edges of its slots. All are UTC: a state cannot be cut. */
interface Level {
  table: Table;
  slot: string;
  floor(t: number): number;
  next(t: number): number;
  /** a shortcut between days and months: it need not reach as far back as these */
  between: boolean;
}

function levelOf(table: Table): Level {
  const { slotSeconds, calendar } = TABLE_FACTS[table];
  if (slotSeconds === null) {
    return calendar === 'third'
      ? {
          table,
          slot: 'whole thirds of UTC months',
          floor: startOfThird,
          next: nextThird,
          between: true,
        }
      : { table, slot: 'whole UTC months', floor: startOfMonth, next: nextMonth, between: false };
  }
  return {
    table,
    between: false,
    slot: slotSeconds === HOUR ? 'whole UTC hours' : 'whole UTC days',
    floor: (t) => t - (t % slotSeconds),
    next: (t) => t + slotSeconds,
  };
}

/**
 * Distinct addresses of a range: whole months, then thirds of months, whole days, and hours at the edges, merged and never added. An edge that no kept state
 * meets is moved outward to the nearest one, and the plan says so.
 *
 * @param family tables that hold what is asked, finest periods first
 */
export function chooseUniques(asked: Ask, family: readonly Table[]): Choice {
  const levels = family.map(levelOf);
  const ask = { ...asked, retention: wholePeriods(asked, levels) };
  const start = edge(ask, levels, ask.range.from, (level, t) => level.floor(t));
  const end = edge(ask, levels, ask.range.to, (level, t) =>
    level.floor(t) === t ? t : level.next(level.floor(t)),
  );
  if (!start || !end) {
    const [first = 0] = family.map((table) => ask.retention[table] ?? 0).sort((a, b) => a - b);
    return {
      refusal: {
        code: 'not_retained',
        why: `distinct addresses by ${namesOf(ask.dimensions)} are kept from ${printed(first)} on, and the range begins at ${printed(ask.range.from)}`,
        change: `Choose a range that begins at ${printed(first)} or later.`,
        retainedFrom: first,
      },
    };
  }
  const range: TimeRange = { from: start.t, to: end.t };
  const parts = compose(ask, levels, range);
  const names = parts.map(({ table }) => table).filter((table, i, all) => all.indexOf(table) === i);
  const reason = `${names.join(', ')}: distinct addresses by ${namesOf(ask.dimensions)} are merged from the longest whole periods`;
  const coarser = levels.indexOf(start.level) > levels.indexOf(end.level) ? start.level : end.level;
  return { plan: planOf(ask, range, parts, null, reason, `distinct addresses by ${coarser.slot}`) };
}

/**
 * Hours are used for days that are kept whole, days for months that are, and none before the longer period is kept, so that every edge can be
 * reached from a longer period.
 */
function wholePeriods({ retention }: Ask, levels: readonly Level[]): Ask['retention'] {
  const whole: Record<Table, number | null> = { ...retention };
  let longerFrom: number | null = null;
  for (const [i, level] of [...levels.entries()].reverse()) {
    const first = retention[level.table];
    const edges = level.between ? level : (levels.slice(i + 1).find(({ between }) => !between) ?? level);
    const own = first === null || edges.floor(first) === first ? first : edges.next(edges.floor(first));
    const from: number | null = own === null ? longerFrom : Math.max(own, longerFrom ?? own);
    whole[level.table] = from;
    if (!level.between) longerFrom = from;
  }
  return whole;
}

/** The nearest edge outward for which the state that ends the range there is kept. */
function edge(
  ask: Ask,
  levels: readonly Level[],
  t: number,
  round: (level: Level, t: number) => number,
): { t: number; level: Level } | null {
  for (const level of levels) {
    const rounded = round(level, t);
    // The slots on both sides of an edge belong to one retention: the earlier one decides.
    if (isKept(ask, level.table, Math.min(rounded, level.floor(t)))) return { t: rounded, level };
  }
  return null;
}

function compose(ask: Ask, levels: readonly Level[], range: TimeRange): Part[] {
  const parts: Part[] = [];
  let t = range.from;
  while (t < range.to) {
    const level = longest(ask, levels, t, range.to);
    const to = level.next(t);
    const last = parts.at(-1);
    if (last && last.table === level.table) last.to = to;
    else parts.push({ table: level.table, from: t, to });
    t = to;
  }
  return parts;
}

/** The longest kept period that begins at t and ends within the range. */
function longest(ask: Ask, levels: readonly Level[], t: number, end: number): Level {
  const fits = [...levels]
    .reverse()
    .find((level) => level.floor(t) === t && level.next(t) <= end && isKept(ask, level.table, t));
  const finest = fits ?? levels[0];
  if (!finest) throw new Error('a family of tables has one at least');
  return finest;
}
