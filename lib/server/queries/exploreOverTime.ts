import 'server-only';
import { type BucketName, bucketsOf } from '@/lib/flows/buckets';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { ExploreColumns, KeyName, SeriesMeasure } from '@/lib/flows/contracts/exploreOverTime';
import type { Coverage } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import { countsAddresses } from '@/lib/flows/measures';
import { type Plan, printed } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { compareRange, type Scope } from '@/lib/flows/scope';
import { chooseUniqueSeries } from '@/lib/flows/uniqueSeries';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import { askedRange, askFor, planFor, refused, sumsPlanFor } from './asked';
import { axisOf } from './axis';
import { NOT_COMPARED } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { arrange } from './explore/arrange';
import { addressSeries, type Drawn, sumSeries } from './explore/drawnSeries';
import {
  chooseStatistics,
  hourlySumsOf,
  loadGroupStatistics,
  type Statistics,
  type StatisticsPlan,
} from './explore/groupStatistics';
import { byListsNotes } from './explore/heaviestByLists';
import { heaviestGroups } from './explore/heaviestGroups';
import { inBuckets, makeBuckets } from './explore/hourlySums';
import { keyDimensions, keysOf } from './explore/keyColumns';
import { isWidenedToMonths, leftOutNotes, loadLeftOut, WHOLE_MONTHS_ONLY } from './explore/leftOut';
import { loadNames } from './explore/names';
import { refuseDearRaw } from './explore/rawCost';
import { loadTopGroups, NO_GROUPS, type TopGroups } from './explore/topGroups';
import { sumFor } from './explore/valueColumn';
import { type Facts, loadFacts } from './facts';
import { geoNotes, hasPlaces } from './geoNotes';
import { metaOf } from './meta';
import { tellsTypes, typeNotes } from './typeNotes';
import { uniqueStates } from './uniques';

interface Options {
  measure: SeriesMeasure;
  by: readonly Dimension[];
  top: number;
  mirror: boolean;
  step?: BucketName | undefined;
}

/** What stays the same while the range and the range compared are asked. */
interface Asking {
  context: QueryContext;
  scope: Scope;
  facts: Facts;
  options: Options;
  byDirection: boolean;
}

/**
 * A measure over time by its heaviest groups, all others and the total, with the same of the range that is compared.
 * @param withStatistics false leaves out mean and p95 of slots, for who wants the buckets alone
 */
export async function answerExploreOverTime(
  { scope, options }: Request<Options>,
  context: QueryContext,
  withStatistics = true,
): Promise<Answer<ExploreColumns>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const byDirection = options.mirror && scope.direction === 'both' && !options.by.includes('direction');
  const asking: Asking = { context, scope, facts, options, byDirection };
  const drawn = drawnOver(asking, asked);
  await refuseDearRaw(context, drawn.plan);
  const top = await topGroups(asking, drawn);
  const [current, previous, names, changed] = await Promise.all([
    loadPeriod(asking, drawn, top, withStatistics),
    loadPrevious(asking, asked, drawn, top),
    namesOfGroups(asking, top),
    tellsTypes(options.by, scope) ? typeNotes(drawn.plan, facts) : [],
  ]);
  const notes: Note[] = [...current.notes, ...byListsNotes([top]), ...changed];
  if (hasPlaces(options.by)) notes.push(...geoNotes(facts));
  if (drawn.zoneNote !== null) notes.push({ code: 'utc_periods', text: drawn.zoneNote });
  if (countsAddresses(options.measure)) notes.push(...wholeBucketNotes(drawn.plan, asked));
  return {
    rows: {
      ...current.columns,
      found: top.found,
      foundAtLeast: top.isAtLeast,
      p95: current.p95,
      names,
      previous: 'missing' in previous ? null : previous.columns,
      previousMissing: 'missing' in previous ? previous.missing : null,
    },
    meta: metaOf(context, {
      plan: drawn.plan,
      asked,
      zone: drawn.zone,
      coverage: current.coverage,
      facts,
      started,
      notes,
    }),
  };
}

/** @throws AppError not_answerable or not_retained */
function drawnOver({ scope, facts, options }: Asking, range: TimeRange, step = options.step): Drawn {
  const wanted = {
    measure: options.measure,
    dimensions: keyDimensions(options.by),
    range,
    axis: true,
    ...(step === undefined ? {} : { step }),
  };
  if (!countsAddresses(options.measure)) {
    const sums = sumsPlanFor(scope, facts, wanted);
    return { ...sums, bucket: bucketName(sums.plan) };
  }
  const choice = chooseUniqueSeries(askFor(scope, facts, wanted));
  if ('refusal' in choice) throw refused(choice.refusal);
  return { ...choice.series, bucket: bucketName(choice.series.plan) };
}

/** Addresses cannot be counted in part of a day or month, so a picture of them may begin before its range and end after it. */
function wholeBucketNotes({ bucket, from, to }: Plan, asked: TimeRange): Note[] {
  const isWider = from < asked.from || to > asked.to;
  // By the hour it is little, and seen on the axis.
  if (bucket === null || bucket.seconds <= 3_600 || !isWider) return [];
  const text = `Addresses are counted in whole ${bucket.unit}s: drawn from ${printed(from)} until ${printed(to)}.`;
  return [{ code: 'uniques_widened', text }];
}

function bucketName({ bucket }: Plan): BucketName {
  if (bucket === null) throw new Error('a plan over time has buckets');
  return bucket.name;
}

/** The heaviest groups of the drawn range, by bytes, packets, records or distinct addresses; of magnitude by bytes. */
async function topGroups(asking: Asking, { plan }: Drawn): Promise<TopGroups> {
  const { context, scope, facts, options } = asking;
  const columns = keyDimensions(options.by);
  if (columns.length === 0) return NO_GROUPS;
  if (options.measure === 'uniqueness') {
    // Of the whole range, months can be merged where the picture needs days.
    const whole = planFor(scope, facts, {
      measure: 'uniqueness',
      dimensions: columns,
      range: plan,
      axis: false,
    });
    return loadTopGroups(context, {
      from: uniqueStates(whole.parts, columns, scope.direction, scope.filters, facts.lookback),
      columns,
      weight: sql`uniqCombined64Merge(17)(addresses)`,
      top: options.top,
    });
  }
  // Without a time axis whole days can answer what hours must draw.
  const wanted = { measure: 'volume', dimensions: columns, range: plan, axis: false } as const;
  const whole = sumsPlanFor(scope, facts, wanted).plan;
  return heaviestGroups(context, {
    scope,
    facts,
    plan: whole,
    columns,
    of: sumFor(options.measure),
    top: options.top,
  });
}

interface Period {
  columns: Pick<
    ExploreColumns,
    'buckets' | 'end' | 'coveredSeconds' | 'seconds' | 'flags' | 'series' | 'totals'
  >;
  coverage: Coverage;
  p95: Statistics['kind'];
  notes: Note[];
}

/** @param withP95 the range itself has percentiles, the range compared only means */
async function loadPeriod(asking: Asking, drawn: Drawn, top: TopGroups, withP95: boolean): Promise<Period> {
  const { context, scope, facts, options, byDirection } = asking;
  const counts = countsAddresses(options.measure);
  const of = sumFor(options.measure);
  const { by } = options;
  const wanted = { scope, facts, plan: drawn.plan, by, groups: top.groups, byDirection, of };
  const series = { scope, facts, by, byDirection, drawn, top };
  const chosen = counts || !withP95 ? NO_STATISTICS : await chooseStatistics(context, wanted);
  const axis = (of: Coverage) => axisOf(drawn.plan, drawn.zone, of);
  const hours = chosen.kind === 'hours' && hasSameHours(chosen.plan, drawn) ? chosen.plan : null;
  const runs = loadCoveredRuns(context, facts, drawn.plan);
  const hourly = hours === null ? undefined : hourlySumsOf(context, wanted, hours);
  const coverage = runs.then((each) => coverageFor(each, facts, drawn.plan, scope.filters));
  const [found, statistics, left, covered] = await Promise.all([
    hourly !== undefined
      ? Promise.all([hourly, coverage]).then(([sums, each]) => inBuckets(sums, axis(each).starts))
      : counts
        ? addressSeries(context, series)
        : sumSeries(context, series, of),
    Promise.all([runs, hourly]).then(([each, sums]) =>
      loadGroupStatistics(context, { ...wanted, runs: each }, chosen, sums),
    ),
    loadLeftOut(context, { ...scope, parts: drawn.plan.parts, of }),
    coverage,
  ]);
  const drawnAxis = axis(covered);
  return {
    columns: {
      buckets: drawnAxis.starts,
      end: drawnAxis.end,
      coveredSeconds: drawnAxis.coveredSeconds,
      seconds: drawnAxis.seconds,
      flags: drawnAxis.flags,
      ...arrange({
        measure: options.measure,
        by: options.by,
        direction: scope.direction,
        byDirection,
        top,
        axis: drawnAxis,
        found,
        statistics,
      }),
    },
    coverage: covered,
    p95: statistics.kind,
    notes: [
      ...leftOutNotes(left, of, options.by),
      ...(statistics.why === null
        ? []
        : [{ code: 'no_p95', text: `No p95: ${statistics.why}. Means are of the drawn buckets.` }]),
    ],
  };
}

/** Whether the hours that statistics are of also make up the drawn buckets: then they are read once for both. */
function hasSameHours(hours: Plan, { plan, zone }: Drawn): boolean {
  if (plan.bucket === null || hours.from !== plan.from || hours.to !== plan.to) return false;
  const { starts, end } = bucketsOf(plan, zone, plan.bucket);
  return makeBuckets(starts, end);
}

const NO_STATISTICS: StatisticsPlan = { kind: null, why: null };

/** The same groups in the range that is compared, in buckets of the same width; or why there are none. */
async function loadPrevious(
  asking: Asking,
  asked: TimeRange,
  drawn: Drawn,
  top: TopGroups,
): Promise<{ columns: NonNullable<ExploreColumns['previous']> } | { missing: string | null }> {
  const { scope, facts } = asking;
  const range = compareRange(asked, scope.compare, scope.zone);
  if (range === null) return { missing: null };
  if (facts.firstData === null || range.to <= facts.firstData) {
    return { missing: 'Nothing had been received yet in the range that is compared.' };
  }
  try {
    const before = drawnOver(asking, range, drawn.bucket);
    if (before.bucket !== drawn.bucket || isWidenedToMonths(before.plan, range)) {
      return { missing: WHOLE_MONTHS_ONLY };
    }
    await refuseDearRaw(asking.context, before.plan);
    const { columns } = await loadPeriod(asking, before, top, false);
    return { columns: { from: before.plan.from, to: before.plan.to, ...columns } };
  } catch (error) {
    if (error instanceof AppError && NOT_COMPARED.includes(error.code)) {
      return { missing: `The range that is compared: ${error.message}` };
    }
    throw error;
  }
}

async function namesOfGroups({ context, facts, options }: Asking, top: TopGroups): Promise<KeyName[]> {
  const columns = keyDimensions(options.by);
  const keys = top.groups.map((group) => keysOf(options.by, columns, group));
  const names = await Promise.all(
    options.by.map((dimension, i) =>
      loadNames(context, facts, dimension, [...new Set(keys.map((key) => key[i] ?? ''))]),
    ),
  );
  return names.flat();
}
