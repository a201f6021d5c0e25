import { type BucketWidth, bucketLabel, offsetsWithin } from './buckets';
import {
  type Ask,
  bucketFor,
  type Choice,
  ceil,
  floor,
  isKept,
  namesOf,
  offered,
  type Part,
  planOf,
  printed,
  type Refusal,
  widen,
} from './plan';
import type { TimeRange } from './presets';
import { chooseRaw, isAffordableRaw } from './rawParts';
import { TABLE_FACTS, type Table } from './tables';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Widths of stored slots, finest first, and how a plan calls them. */
const WIDTHS = [
  { slot: 300, kept: 'slots of 5 minutes', whole: 'five minutes' },
  { slot: HOUR, kept: 'whole hours', whole: 'whole hours' },
  { slot: DAY, kept: 'whole UTC days', whole: 'whole UTC days' },
] as const;

/** Fewer whole slots than this are not worth a second table. */
const FEWEST: Record<number, number> = { [HOUR]: 6, [DAY]: 2 };

/** A picture of fewer stored slots than this is drawn from raw flows instead, where they are kept and few enough. */
const FEWEST_POINTS = 30;

interface Level {
  table: Table;
  slot: number;
  kept: string;
  whole: string;
}

/**
 * Sums from the coarsest and narrowest rollups that meet the range and the buckets. The finest kept slots answer the edges; where these are
 * hours or days, raw flows do, as far as they are kept and few enough; else the range is widened to what is kept, and the plan says so.
 *
 * @param tables rollups that hold what is asked, finest first and the narrowest of equal slots first
 */
export function chooseAdditive(ask: Ask, tables: readonly Table[], why: string): Choice {
  const levels = keptLevels(ask, tables);
  const [base] = levels;
  if (!base) return notRetained(ask, tables, why);
  const coarseBase = base.slot > 300;
  if (coarseBase && ask.axis && ask.grain === undefined && drawsBetterRaw(ask, base)) {
    return chooseRaw(
      ask,
      `${base.table} has ${slotOf(base.table)} slots, too few of them to draw this range`,
    );
  }
  const range = widen(ask.range, base.slot);
  const isOnEdges = range.from === ask.range.from && range.to === ask.range.to;
  const isCut = cutEnd(ask, range) % base.slot !== 0;
  const edges = coarseBase && (!isOnEdges || isCut) && isSum(ask) ? rawEdges(ask, base) : null;
  if (edges !== null) return planOver(ask, edges, [RAW_LEVEL, ...levels], '');
  return planOver(ask, range, levels, finerIsGone(ask, tables, base));
}

const RAW_LEVEL: Level = {
  table: 'flows',
  slot: MINUTE,
  kept: '1 minute slots',
  whole: 'minutes',
};

function isSum({ measure }: Ask): boolean {
  return measure !== 'p95' && measure !== 'p95Hourly';
}

function slotOf(table: Table): string {
  return TABLE_FACTS[table].slot;
}

/** For each width of slots the narrowest table that is kept from the range's start on; the finest comes first. */
function keptLevels(ask: Ask, tables: readonly Table[]): Level[] {
  return WIDTHS.flatMap((width) => {
    const usable = (!ask.axis || zoneMeets(ask, width.slot)) && width.slot <= (ask.grain ?? width.slot);
    const table = tables.find(
      (each) =>
        TABLE_FACTS[each].slotSeconds === width.slot && isKept(ask, each, floor(ask.range.from, width.slot)),
    );
    return table === undefined || !usable ? [] : [{ table, ...width }];
  });
}

/** Whether slots of UTC of this width are never cut by a day of the zone. */
function zoneMeets({ range, zone }: Ask, slot: number): boolean {
  return slot < HOUR || offsetsWithin(range, zone).every((offset) => offset % slot === 0);
}

function drawsBetterRaw(ask: Ask, base: Level): boolean {
  const short = (ask.range.to - ask.range.from) / base.slot < FEWEST_POINTS;
  return (
    short &&
    isSum(ask) &&
    isAffordableRaw(ask) &&
    isKept(ask, 'flows', widen(ask.range, MINUTE).from - ask.lookback)
  );
}

/** The range by the minute, where what lies outside whole slots can be read from raw flows; else null. */
function rawEdges(ask: Ask, base: Level): TimeRange | null {
  const range = widen(ask.range, MINUTE);
  const inner = { from: ceil(range.from, base.slot), to: floor(cutEnd(ask, range), base.slot) };
  const edges =
    inner.from < inner.to
      ? [
          { from: range.from, to: inner.from },
          { from: inner.to, to: range.to },
        ].filter(({ from, to }) => from < to)
      : [range];
  const kept = edges.every(({ from }) => isKept(ask, 'flows', from - ask.lookback));
  return edges.length > 0 && kept && isAffordableRaw(ask, edges) ? range : null;
}

/** The end of the range, or the cut within it: what lies behind may share no coarse slot with what lies before. */
function cutEnd({ cut }: Ask, { from, to }: TimeRange): number {
  return Math.min(to, Math.max(cut ?? to, from));
}

function planOver(ask: Ask, range: TimeRange, levels: readonly Level[], remark: string): Choice {
  const [finest] = levels;
  if (!finest) throw new Error('a plan needs a table');
  const isRaw = finest.table === 'flows';
  const drawn = (isRaw ? levels[1] : finest) ?? finest;
  const bucket = bucketFor(ask, range, drawn.slot);
  const parts = compose(ask, range, [...levels].reverse(), bucket, isRaw ? drawn.slot : null);
  const used = levels.filter(({ table }) => parts.some((part) => part.table === table));
  const reason = reasonFor(ask, used, levels, bucket) + remark;
  return { plan: planOf(ask, range, parts, bucket, reason, finest.kept) };
}

/** @param levels coarsest first @param always slots of this width are used however few they are */
function compose(
  ask: Ask,
  range: TimeRange,
  levels: readonly Level[],
  bucket: BucketWidth | null,
  always: number | null,
): Part[] {
  const [level, ...finer] = levels;
  if (!level || range.from >= range.to) return [];
  if (finer.length === 0) return [{ table: level.table, ...range }];
  const middle = {
    from: ceil(range.from, level.slot),
    to: floor(cutEnd(ask, range), level.slot),
  };
  const fewest = level.slot === always ? 1 : (FEWEST[level.slot] ?? 1);
  const isFine = bucket === null || bucket.seconds >= level.slot;
  if (!isFine || middle.to - middle.from < fewest * level.slot) {
    return compose(ask, range, finer, bucket, always);
  }
  return [
    ...compose(ask, { from: range.from, to: middle.from }, finer, bucket, always),
    { table: level.table, ...middle },
    ...compose(ask, { from: middle.to, to: range.to }, finer, bucket, always),
  ];
}

/** @param used finest first */
function reasonFor(
  ask: Ask,
  used: readonly Level[],
  levels: readonly Level[],
  bucket: BucketWidth | null,
): string {
  const names = namesOf(ask.dimensions);
  const [finest] = used;
  if (!finest) throw new Error('a plan has parts');
  if (used.length > 1) {
    const coarser = [...used.slice(1)].reverse().map(({ table, whole }) => `${table} for the ${whole}`);
    return `${coarser.join(', ')}, ${finest.table} for what is left at the edges: ${used.length === 2 ? 'both' : 'all'} hold ${names}`;
  }
  const holds = `${finest.table} holds ${names} in slots of ${slotOf(finest.table)}`;
  const next = levels[levels.indexOf(finest) + 1];
  if (!next) {
    const hours = ask.axis && finest.slot < HOUR && !zoneMeets(ask, HOUR);
    return hours && isSum(ask)
      ? `${holds}; hours of ${ask.zone} are not hours of UTC, so no coarser table can answer`
      : holds;
  }
  if (bucket !== null && bucket.seconds < next.slot) {
    return `${holds}; buckets of ${bucketLabel(bucket)} are finer than ${slotOf(next.table)}`;
  }
  return `${holds}; the range has too few ${next.whole} that could come from ${next.table}`;
}

function finerIsGone(ask: Ask, tables: readonly Table[], base: Level): string {
  const finer = tables.find((table) => (TABLE_FACTS[table].slotSeconds ?? 0) < base.slot);
  if (finer === undefined) return '';
  const from = ask.retention[finer];
  return from === null || !zoneMeets(ask, TABLE_FACTS[finer].slotSeconds ?? 0)
    ? ''
    : `; ${finer} is kept only from ${printed(from)} on`;
}

function notRetained(ask: Ask, tables: readonly Table[], why: string): Choice {
  const meets = (table: Table) => !ask.axis || zoneMeets(ask, TABLE_FACTS[table].slotSeconds ?? 0);
  const firstOf = (table: Table) => offered(ask.retention[table] ?? 0, TABLE_FACTS[table].slotSeconds ?? 1);
  const usable = tables.filter(meets);
  const others = tables.filter((table) => !meets(table));
  // Nothing but the zone forbids the rollups: raw flows can still be spread over its days.
  if (usable.length === 0) {
    const [coarse] = others;
    const zone = `slots of ${coarse ? slotOf(coarse) : 'UTC'} of UTC do not fit the days of ${ask.zone}`;
    const choice = chooseRaw(ask, zone);
    if ('plan' in choice) return choice;
    const { refusal } = choice;
    return { refusal: { ...refusal, change: `${refusal.change} In UTC, ${coarse} may still answer.` } };
  }
  const retainedFrom = Math.min(...usable.map(firstOf));
  const [finest] = usable;
  const hint = others.find((table) => firstOf(table) < retainedFrom);
  const refusal: Refusal = {
    code: 'not_retained',
    why: `${finest} is kept from ${printed(finest ? (ask.retention[finest] ?? 0) : 0)} on, and the range begins at ${printed(ask.range.from)}${why === '' ? '' : `; ${why}`}`,
    change: `Choose a range that begins at ${printed(retainedFrom)} or later.${hint ? ` In UTC, ${hint} may still answer by ${slotOf(hint)}.` : ''}`,
    retainedFrom,
  };
  return { refusal };
}
