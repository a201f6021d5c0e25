import 'server-only';
import { z } from 'zod';
import { bucketsOf } from '@/lib/flows/buckets';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { TrafficColumns, TrafficSeries } from '@/lib/flows/contracts/trafficOverTime';
import { coveredIntervals } from '@/lib/flows/coverage';
import { type Direction, directionsOf } from '@/lib/flows/direction';
import { couldHold } from '@/lib/flows/filter/evaluate';
import { secondsOf } from '@/lib/flows/intervals';
import { compareNetworkTypes } from '@/lib/flows/networkTypes';
import type { Plan } from '@/lib/flows/plan';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { drawnStatistics } from '@/lib/flows/trafficTail';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { askedRange, chooseFor, planFor } from './asked';
import { type Axis, axisOf } from './axis';
import { bucketExpression } from './columns';
import { type CoveredRuns, coverageFor, loadCoveredRuns } from './coverage';
import { isDear, refuseDearRaw, TOO_MANY_RAW } from './explore/rawCost';
import { type Facts, loadFacts } from './facts';
import { metaOf } from './meta';
import { exact, rateOf, shareOf } from './rows';
import { slotsOf } from './slots';
import { loadStatistics, type SlotStatistics } from './statistics';
import { typeNotes } from './typeNotes';

const DIMENSIONS = ['type', 'direction'] as const;

/** Bytes by network type in drawn buckets, with the statistics of each series from its five-minute slots. */
export async function answerTrafficOverTime(
  { scope, options }: Request<{ mirror: boolean; settled?: number | null }>,
  context: QueryContext,
): Promise<Answer<TrafficColumns>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const plan = planFor(scope, facts, {
    measure: 'traffic',
    dimensions: DIMENSIONS,
    range: asked,
    axis: true,
  });
  await refuseDearRaw(context, plan);
  const mirrored = options.mirror && scope.direction === 'both';
  const tailFrom = options.settled === facts.watermark ? tailOf(plan, scope, facts) : null;
  const [series, runs, changed] = await Promise.all([
    loadSeries(context, scope, tailFrom === null ? plan : cutBefore(plan, tailFrom), facts, mirrored),
    loadCoveredRuns(context, facts, plan),
    typeNotes(plan, facts),
  ]);
  const types = [...new Set(series.map(({ type }) => type))];
  const statistics =
    tailFrom === null
      ? await loadSeriesStatistics(context, scope, plan, facts, runs, types, mirrored)
      : { rows: [], seconds: 0, notes: [] };
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const whole = columnsOf(plan, scope, series, statistics, axisOf(plan, scope.zone, coverage), mirrored);
  const rows = tailFrom === null ? whole : { ...whole, tailFrom };
  const meta = metaOf(context, {
    plan,
    asked,
    zone: scope.zone,
    coverage,
    facts,
    started,
    notes: [...statistics.notes, ...changed],
  });
  return { rows, meta };
}

/**
 * The bucket from which on an answer may still grow: records that come now reach back as far as exporters hold them. null = the range
 * holds none, or nothing but such buckets, and is answered whole.
 */
function tailOf(plan: Plan, scope: Scope, { watermark, lookback }: Facts): number | null {
  if (plan.bucket === null || watermark === null || watermark >= plan.to) return null;
  const { starts } = bucketsOf(plan, scope.zone, plan.bucket);
  const from = starts.findLast((start) => start <= watermark - lookback);
  return from === undefined || from <= plan.from ? null : from;
}

/** The plan's parts from an instant on. */
function cutBefore(plan: Plan, from: number): Plan {
  const parts = plan.parts
    .filter(({ to }) => to > from)
    .map((part) => ({ ...part, from: Math.max(part.from, from) }));
  return { ...plan, parts };
}

const seriesRow = z.object({
  type: z.string(),
  direction: z.string(),
  starts: z.array(z.number()),
  bytes: z.array(exact),
});
type SeriesRow = z.infer<typeof seriesRow>;

function loadSeries(context: QueryContext, scope: Scope, plan: Plan, facts: Facts, mirrored: boolean) {
  const { bucket } = plan;
  if (bucket === null) throw new Error('a plan over time has buckets');
  const slots = slotsOf({
    parts: plan.parts,
    dimensions: DIMENSIONS,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: Math.min(bucket.seconds, 60),
    lookback: facts.lookback,
  });
  const way = mirrored ? sql`toString(direction)` : sql`''`;
  return execute(
    context,
    sql`SELECT type, way AS direction, groupArray(start) AS starts, groupArray(total) AS bytes
FROM
(
    SELECT ${bucketExpression(bucket.name, scope.zone)} AS start, toString(network_type) AS type, ${way} AS way, sum(toUInt128(bytes)) AS total
    FROM
    (
${slots}
    )
    GROUP BY start, type, way
    ORDER BY start
)
GROUP BY type, way`,
    seriesRow,
  );
}

interface Statistics {
  rows: SlotStatistics[];
  /** seconds of the covered five-minute slots */
  seconds: number;
  notes: Note[];
}

/** From slots of five minutes, whichever table draws; whole slots only where the drawn range begins or ends on a minute. */
async function loadSeriesStatistics(
  context: QueryContext,
  scope: Scope,
  plan: Plan,
  facts: Facts,
  runs: readonly CoveredRuns[],
  types: readonly string[],
  mirrored: boolean,
): Promise<Statistics> {
  const range = wholeSlots(plan);
  const none: Statistics = { rows: [], seconds: 0, notes: [] };
  if (range.from >= range.to) return none;
  const choice = chooseFor(scope, facts, { measure: 'p95', dimensions: DIMENSIONS, range, axis: false });
  const why =
    'refusal' in choice ? choice.refusal.why : (await isDear(context, choice.plan)) ? TOO_MANY_RAW : null;
  if ('refusal' in choice || why !== null) {
    return { ...none, notes: [{ code: 'no_p95', text: `No mean and p95 of 5-minute slots: ${why}.` }] };
  }
  const coverage = coverageFor(runs, facts, range, scope.filters);
  const slots = slotsOf({
    parts: choice.plan.parts,
    dimensions: DIMENSIONS,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: SLOT_SECONDS,
    lookback: facts.lookback,
  });
  const rows = await loadStatistics(context, slots, coverage, range, {
    types,
    byDirection: mirrored,
  });
  return { rows, seconds: secondsOf(coveredIntervals(coverage)), notes: [] };
}

function wholeSlots(range: TimeRange): TimeRange {
  return {
    from: Math.ceil(range.from / SLOT_SECONDS) * SLOT_SECONDS,
    to: Math.floor(range.to / SLOT_SECONDS) * SLOT_SECONDS,
  };
}

function columnsOf(
  plan: Plan,
  scope: Scope,
  found: readonly SeriesRow[],
  statistics: Statistics,
  axis: Axis,
  mirrored: boolean,
): TrafficColumns {
  const index = new Map(axis.starts.map((start, i) => [start, i]));
  const directions: readonly Direction[] = mirrored ? directionsOf('both') : [scope.direction];
  const types = [...new Set([...found.map(({ type }) => type), 'Unclassified'])]
    .filter((type) => type !== 'Unclassified' || isWanted(scope, type))
    .sort(compareNetworkTypes);
  const series: TrafficSeries[] = [];
  const totals: TrafficSeries[] = [];
  for (const direction of directions) {
    const way = mirrored ? direction : '';
    const perType = types.map((type) => {
      const bytes = new Array<bigint>(axis.starts.length).fill(0n);
      const row = found.find((each) => each.type === type && each.direction === way);
      row?.starts.forEach((start, i) => {
        const at = index.get(start);
        if (at === undefined)
          throw new Error(`bucket ${start} is not one of ${plan.from} to ${plan.to} in ${scope.zone}`);
        bytes[at] = BigInt(row.bytes[i] ?? '0');
      });
      return { type, bytes };
    });
    const all = axis.starts.map((_, i) => perType.reduce((sum, { bytes }) => sum + (bytes[i] ?? 0n), 0n));
    const whole = all.reduce((sum, value) => sum + value, 0n);
    const seriesFor = (key: string, type: string | null, bytes: bigint[]) =>
      seriesOf(
        { key, direction, bytes },
        whole,
        axis,
        statistics,
        (row) => row.type === type && row.direction === (mirrored ? direction : null),
      );
    series.push(...perType.map(({ type, bytes }) => seriesFor(type, type, bytes)));
    totals.push(seriesFor('Total', null, all));
  }
  return {
    buckets: axis.starts,
    end: axis.end,
    coveredSeconds: axis.coveredSeconds,
    seconds: axis.seconds,
    flags: axis.flags,
    series,
    totals,
  };
}

/** Unclassified is shown even with nothing in it, unless a filter leaves it out. */
function isWanted(scope: Scope, type: string): boolean {
  return couldHold(scope.filters, 'type', type) !== false;
}

function seriesOf(
  drawn: { key: string; direction: Direction; bytes: bigint[] },
  whole: bigint,
  axis: Axis,
  statistics: Statistics,
  isIts: (row: SlotStatistics) => boolean,
): TrafficSeries {
  const { last, max, total } = drawnStatistics(drawn.bytes, axis);
  const slots = statistics.rows.find(isIts);
  return {
    key: drawn.key,
    direction: drawn.direction,
    bytes: drawn.bytes.map(String),
    statistics: {
      last,
      // A series without a slot has none but zeros.
      mean: rateOf(slots?.coveredBytes ?? '0', statistics.seconds),
      p95: statistics.seconds > 0 ? rateOf(slots?.p95Bytes ?? '0', SLOT_SECONDS) : null,
      max,
      total: String(total),
      share: shareOf(total, whole),
    },
  };
}
