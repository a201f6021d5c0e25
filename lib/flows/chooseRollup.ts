import { answerable } from './answerable';
import { bucketLabel, chooseBucket, hasWholeHourOffsets } from './buckets';
import { countsAddresses } from './measures';
import {
  type Ask,
  type Choice,
  ceil,
  floor,
  isKept,
  namesOf,
  type Part,
  type Plan,
  planOf,
  printed,
  widen,
} from './plan';
import { SLOT_SECONDS, type TimeRange } from './presets';
import { TABLE_FACTS, type Table } from './tables';
import { chooseUniques } from './uniqueParts';

const HOUR = 3_600;
const MINUTE = 60;

/** Ranges up to this long are drawn by the minute, spread from raw flows: a rollup would give 36 points and fewer. */
export const RAW_RANGE_SECONDS = 3 * HOUR;

/**
 * A picture by the minute is worth reading this many records (about a second on two cores). Beyond, five minutes must do: an hour of an
 * installation with billions of flows a day.
 */
export const MOST_RAW_RECORDS = 10_000_000;

/** Fewer whole hours than this are not worth a second table. */
const FEWEST_HOURS = 6;

/**
 * The one chooser: which tables answer, over which exact range, in which buckets, and why. A rollup is taken only where it holds every
 * dimension and its slots meet the range's edges and the zone's buckets, so its answer equals that of raw flows.
 */
export function chooseRollup(ask: Ask): Choice {
  const { how, tables, why, change } = answerable(ask.measure, ask.dimensions);
  if (how === 'none') return { refusal: { code: 'not_answerable', why, change } };
  if (countsAddresses(ask.measure) && how === 'sketch') return chooseUniques(ask);
  const short = ask.range.to - ask.range.from <= RAW_RANGE_SECONDS && ask.measure !== 'p95';
  const wantsMinutes = short && (ask.axis || !onEdges(ask.range, SLOT_SECONDS));
  const isAffordable = rawRecords(ask) <= MOST_RAW_RECORDS;
  if (
    how === 'raw' ||
    (wantsMinutes && isAffordable && isKept(ask, 'flows', ask.range.from - ask.lookback))
  ) {
    return chooseRaw(ask, how === 'raw' ? why : '');
  }
  const fine: Table = tables.includes('traffic_5m') ? 'traffic_5m' : 'links_5m';
  const coarse: Table | null = tables.includes('traffic_1h') ? 'traffic_1h' : null;
  const range = widen(ask.range, SLOT_SECONDS);
  if (isKept(ask, fine, range.from)) return { plan: finePlan(ask, range, fine, coarse) };
  return chooseCoarse(ask, fine, coarse);
}

function rawRecords({ range, lookback, recordsPerSlot = 0 }: Ask): number {
  return ((range.to - range.from + lookback) / SLOT_SECONDS) * recordsPerSlot;
}

function chooseRaw(ask: Ask, why: string): Choice {
  const slot = ask.measure === 'p95' ? SLOT_SECONDS : MINUTE;
  const range = widen(ask.range, slot);
  const bucket = ask.axis ? chooseBucket(range, ask.zone, slot) : null;
  const retainedFrom = ask.retention.flows;
  if (retainedFrom !== null && range.from - ask.lookback < retainedFrom) {
    return {
      refusal: {
        code: 'not_retained',
        why: `raw flows are kept from ${printed(retainedFrom)} on, and ${why || 'this range is answered by the minute'}`,
        change: `Choose a range that begins at ${printed(ceil(retainedFrom + ask.lookback, slot))} or later, or drop a dimension.`,
        retainedFrom: ceil(retainedFrom + ask.lookback, slot),
      },
    };
  }
  const reason = why
    ? `flows, spread over slots while read: ${why}`
    : 'flows, spread over minutes while read: the range is short, and rollups begin at 5 minutes';
  return {
    plan: planOf(ask, range, [{ table: 'flows', ...range }], bucket, reason, `${slot / MINUTE} minute slots`),
  };
}

function finePlan(ask: Ask, range: TimeRange, fine: Table, coarse: Table | null): Plan {
  const bucket = ask.axis ? chooseBucket(range, ask.zone) : null;
  const holds = `${fine} holds ${namesOf(ask.dimensions)} in slots of ${TABLE_FACTS[fine].slot}`;
  const because = (reason: string, parts: Part[]) =>
    planOf(ask, range, parts, bucket, reason, 'slots of 5 minutes');
  const whole: Part[] = [{ table: fine, ...range }];
  if (coarse === null || ask.measure === 'p95') return because(holds, whole);
  if (bucket !== null && bucket.seconds < HOUR) {
    return because(`${holds}; buckets of ${bucketLabel(bucket)} are finer than an hour`, whole);
  }
  if (bucket !== null && !hasWholeHourOffsets(range, ask.zone)) {
    return because(`${holds}; hours of ${ask.zone} are not hours of UTC, so ${coarse} cannot answer`, whole);
  }
  const middle = {
    from: ceil(range.from, HOUR),
    to: floor(Math.min(range.to, Math.max(ask.cut ?? range.to, range.from)), HOUR),
  };
  if (middle.to - middle.from < FEWEST_HOURS * HOUR || !isKept(ask, coarse, middle.from)) {
    return because(
      `${holds}; the range has fewer than ${FEWEST_HOURS} whole hours that could come from ${coarse}`,
      whole,
    );
  }
  const parts = [
    { table: fine, from: range.from, to: middle.from },
    { table: coarse, ...middle },
    { table: fine, from: middle.to, to: range.to },
  ].filter(({ from, to }) => from < to);
  const edges = parts.length > 1 ? `, ${fine} for what is left at the edges` : '';
  return because(`${coarse} for the whole hours${edges}: both hold ${namesOf(ask.dimensions)}`, parts);
}

/** The finest rollup no longer reaches back far enough: hours do, if they meet the buckets. */
function chooseCoarse(ask: Ask, fine: Table, coarse: Table | null): Choice {
  const fineFrom = ask.retention[fine] ?? 0;
  const range = widen(ask.range, HOUR);
  const bucket = ask.axis ? chooseBucket(range, ask.zone, HOUR) : null;
  const meetsBuckets = bucket === null || hasWholeHourOffsets(range, ask.zone);
  if (coarse !== null && ask.measure !== 'p95' && meetsBuckets && isKept(ask, coarse, range.from)) {
    const reason = `${coarse} holds ${namesOf(ask.dimensions)}; ${fine} is kept only from ${printed(fineFrom)} on`;
    return { plan: planOf(ask, range, [{ table: coarse, ...range }], bucket, reason, 'whole hours') };
  }
  const coarseFrom = coarse === null || ask.measure === 'p95' || !meetsBuckets ? null : ask.retention[coarse];
  const retainedFrom = ceil(coarseFrom === null ? fineFrom : Math.min(fineFrom, coarseFrom), HOUR);
  const zoneHint = meetsBuckets ? '' : ` In UTC, ${coarse} may still answer by the hour.`;
  return {
    refusal: {
      code: 'not_retained',
      why: `${fine} is kept from ${printed(fineFrom)} on, and the range begins at ${printed(ask.range.from)}`,
      change: `Choose a range that begins at ${printed(retainedFrom)} or later.${zoneHint}`,
      retainedFrom,
    },
  };
}

function onEdges(range: TimeRange, slot: number): boolean {
  return range.from % slot === 0 && range.to % slot === 0;
}
