import { answerable } from './answerable';
import { type BucketName, bucketsOf, bucketWidth, hasWholeHourOffsets, offsetsWithin } from './buckets';
import { type Ask, namesOf, type Plan, type Refusal } from './plan';
import type { TimeRange } from './presets';
import { chooseRaw } from './rawParts';
import { TABLE_FACTS, type Table } from './tables';
import { chooseUniques } from './uniqueParts';

const HOUR = 3_600;
const DAY = 86_400;

/** Widths in which distinct addresses can be drawn, finest first: states are kept by hour, day and month. */
const WIDTHS = ['1h', '1d', '1w', '1mo'] as const satisfies readonly BucketName[];
type Width = (typeof WIDTHS)[number];

/** Longest range that a width is chosen for by itself. */
const LONGEST: Record<Width, number> = {
  '1h': 3 * DAY,
  '1d': 100 * DAY,
  '1w': 0,
  '1mo': Number.POSITIVE_INFINITY,
};

/** How distinct addresses are drawn over time. */
export interface UniqueSeries {
  /** its bucket is never null */
  plan: Plan;
  /** the zone whose hours, days or months the buckets are */
  zone: string;
  /** why it is not the zone asked; null where it is */
  zoneNote: string | null;
}

/**
 * Distinct addresses in buckets: each bucket is merged from whole stored periods, so buckets of a day and more are those of UTC, and a width
 * whose states are no longer kept gives way to the next longer one. What no table holds is counted from raw flows, while these are kept.
 */
export function chooseUniqueSeries(ask: Ask): { series: UniqueSeries } | { refusal: Refusal } {
  const { how, tables, why, change } = answerable(ask.measure, ask.dimensions);
  if (how === 'none') return { refusal: { code: 'not_answerable', why, change } };
  const [width] = widthsFor(ask);
  if (tables.length === 0 && width !== undefined) return fromRaw(ask, width, why);
  let first: Refusal | null = null;
  for (const width of widthsFor(ask)) {
    const tried = inBuckets(ask, tables, width);
    if ('series' in tried) return tried;
    first ??= tried.refusal;
  }
  if (first !== null) return { refusal: first };
  return {
    refusal: {
      code: 'not_answerable',
      why: `no table holds distinct addresses by ${namesOf(ask.dimensions)} over time`,
      change: 'Drop a dimension.',
    },
  };
}

/** The width asked for or the one the range suggests, then longer ones. */
function widthsFor(ask: Ask): readonly Width[] {
  const length = ask.range.to - ask.range.from;
  const wanted = (WIDTHS as readonly (BucketName | undefined)[]).indexOf(ask.step);
  const suggested = WIDTHS.findIndex((width) => length <= LONGEST[width]);
  return WIDTHS.slice(wanted >= 0 ? wanted : suggested).filter((width, i) => i === 0 || width !== '1w');
}

/** Raw flows are counted in the zone's own buckets; those at the edges are cut by the range. */
function fromRaw(ask: Ask, name: Width, why: string): { series: UniqueSeries } | { refusal: Refusal } {
  const choice = chooseRaw({ ...ask, axis: false }, why);
  if ('refusal' in choice) return choice;
  const plan = { ...choice.plan, bucket: bucketWidth(name) };
  return { series: { plan, zone: ask.zone, zoneNote: null } };
}

function inBuckets(
  ask: Ask,
  tables: readonly Table[],
  name: Width,
): { series: UniqueSeries } | { refusal: Refusal } {
  const width = bucketWidth(name);
  const family = tables.filter((table) => slotOf(table) <= width.seconds);
  const finest = family[0];
  const refuse = (why: string, change: string): { refusal: Refusal } => ({
    refusal: { code: 'not_answerable', why, change },
  });
  if (finest === undefined) {
    return refuse(
      `distinct addresses by ${namesOf(ask.dimensions)} are not kept by ${width.unit}`,
      'Choose a longer step, or drop a dimension.',
    );
  }
  const zone = zoneFor(ask, width.seconds);
  const { starts, end } = bucketsOf(ask.range, zone, width);
  const range: TimeRange = { from: starts[0] ?? ask.range.from, to: end };
  const choice = chooseUniques({ ...ask, range, axis: false }, family);
  if ('refusal' in choice) return choice;
  const { plan } = choice;
  if (plan.from < range.from || plan.to > range.to) {
    return {
      refusal: {
        code: 'not_retained',
        why: `distinct addresses by ${namesOf(ask.dimensions)} are no longer kept by ${width.unit} in this range`,
        change: 'Choose a longer step.',
      },
    };
  }
  return {
    series: {
      plan: { ...plan, bucket: width },
      zone,
      zoneNote:
        zone === ask.zone
          ? null
          : `Distinct addresses are kept by UTC ${width.unit}: buckets are those of UTC, not of ${ask.zone}.`,
    },
  };
}

/** The zone's own buckets where its hours are hours of UTC and the bucket is one, or where it is UTC all along; else those of UTC. */
function zoneFor({ range, zone }: Ask, seconds: number): string {
  const isOwn =
    seconds <= HOUR ? hasWholeHourOffsets(range, zone) : offsetsWithin(range, zone).every((o) => o === 0);
  return isOwn ? zone : 'UTC';
}

const SHORTEST_DAYS = { third: 8, month: 28 } as const;

/** Width of a table's slots, of the shortest where they differ; seconds. */
function slotOf(table: Table): number {
  const { slotSeconds, calendar } = TABLE_FACTS[table];
  return slotSeconds ?? SHORTEST_DAYS[calendar ?? 'month'] * DAY;
}
