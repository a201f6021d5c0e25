import { chooseAdditive } from './additiveParts';
import { answerable } from './answerable';
import { bucketWidth } from './buckets';
import { ADDRESSES } from './dimensions';
import { isAdditive } from './measures';
import { nextMonth, startOfMonth } from './months';
import { type Ask, type Choice, isKept, type Part, planOf } from './plan';
import type { TimeRange } from './presets';
import { HEAVY_TABLES, type HeavyTable, hasDimensions, KEPT_HEAVIEST } from './tables';

/**
 * The table that keeps the heaviest by these dimensions when a month closes; null where none does. It answers who they are, and over time
 * month by month; parts of the calendar shorter than that it cannot tell.
 */
export function heavyTableFor({ measure, dimensions, heaviest }: Ask): HeavyTable | null {
  const isByAddress = dimensions.some((dimension) => ADDRESSES.includes(dimension));
  if (heaviest !== true || !isAdditive(measure) || !isByAddress) return null;
  return HEAVY_TABLES.find((table) => hasDimensions(table, dimensions)) ?? null;
}

/**
 * The heaviest addresses, prefixes or pairs of a range: closed months from what was kept when they closed, the rest from days. What a key carried in
 * months in which it was not among the heaviest is with all others, and the reason says so. Where an edge lies in a closed month whose days
 * are gone, the range is widened to that month. Buckets are UTC months.
 */
export function chooseHeavy(ask: Ask, table: HeavyTable): Choice {
  const isClosed = (month: number) =>
    (ask.closedMonths?.[table].includes(month) ?? false) && isKept(ask, table, month);
  const days = (range: TimeRange): Choice => {
    const { tables, why } = answerable(ask.measure, ask.dimensions);
    return chooseAdditive({ ...ask, range, axis: false }, tables, why);
  };
  const parts: Part[] = [];
  const widened = { ...ask.range };
  let t = ask.range.from;
  while (t < ask.range.to) {
    const month = startOfMonth(t);
    const end = nextMonth(t);
    if (isClosed(month) && t === month && end <= ask.range.to) {
      append(parts, { table, from: month, to: end });
      t = end;
      continue;
    }
    const stretch = { from: t, to: isClosed(month) ? Math.min(end, ask.range.to) : openUntil(t) };
    const choice = days(stretch);
    if ('refusal' in choice) {
      if (!isClosed(month)) return choice;
      append(parts, { table, from: month, to: end });
    } else {
      for (const part of choice.plan.parts) append(parts, part);
    }
    t = stretch.to;
  }
  widened.from = Math.min(widened.from, parts[0]?.from ?? widened.from);
  widened.to = Math.max(widened.to, parts.at(-1)?.to ?? widened.to);
  const bucket = ask.axis ? bucketWidth('1mo') : null;
  return { plan: planOf(ask, widened, parts, bucket, reasonFor(parts, table), keptWords(parts, table)) };

  /** The end of the range, or the start of the first whole closed month before it. */
  function openUntil(from: number): number {
    for (let month = nextMonth(from); month < ask.range.to; month = nextMonth(month)) {
      if (isClosed(month) && nextMonth(month) <= ask.range.to) return month;
    }
    return ask.range.to;
  }
}

/**
 * The parts of a plan with the lists of whole months in the place of what lies in them, also where it is less than the month: no sum there is greater
 * than in the list, which is all that who looks for the heaviest must know first.
 *
 * @param months starts of months whose lists hold what is stored
 */
export function coveredByLists(parts: readonly Part[], table: HeavyTable, months: readonly number[]): Part[] {
  const listed = months.filter((month) =>
    parts.some(({ from, to }) => from < nextMonth(month) && to > month),
  );
  const lists = listed.map((month): Part => ({ table, from: month, to: nextMonth(month) }));
  const rest = parts.flatMap((part) =>
    listed.reduce<Part[]>((pieces, month) => pieces.flatMap((piece) => outside(piece, month)), [part]),
  );
  return [...lists, ...rest];
}

/** What of a part lies before and behind a month. */
function outside(part: Part, month: number): Part[] {
  const pieces = [
    { ...part, to: Math.min(part.to, month) },
    { ...part, from: Math.max(part.from, nextMonth(month)) },
  ];
  return pieces.filter(({ from, to }) => from < to);
}

function append(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last && last.table === part.table && last.to >= part.from) last.to = Math.max(last.to, part.to);
  else parts.push({ ...part });
}

function reasonFor(parts: readonly Part[], table: HeavyTable): string {
  const heavy = `${table} for closed months: the ${KEPT_HEAVIEST.toLocaleString('en-US')} heaviest of each region and network type, and all others together`;
  const others = [...new Set(parts.map((part) => part.table))].filter((name) => name !== table);
  if (!parts.some((part) => part.table === table))
    return `${others.join(' and ')}: no closed month lies in the range`;
  return others.length === 0 ? heavy : `${heavy}; ${others.join(' and ')} for the rest`;
}

function keptWords(parts: readonly Part[], table: HeavyTable): string {
  return parts.some((part) => part.table === table) ? 'whole months of closed ones' : 'whole UTC days';
}
