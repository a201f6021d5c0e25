import 'server-only';
import type { BucketName } from '@/lib/flows/buckets';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { ExploreColumns, KeyName, SeriesMeasure } from '@/lib/flows/contracts/exploreOverTime';
import type { Coverage } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import { countsAddresses } from '@/lib/flows/measures';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { compareRange, type Scope } from '@/lib/flows/scope';
import { chooseUniqueSeries } from '@/lib/flows/uniqueSeries';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import { askedRange, askFor, chooseFor, planFor, refused, sumsPlanFor } from './asked';
import { axisOf } from './axis';
import { NOT_COMPARED } from './comparedPeriods';
import { type CoveredRuns, coverageFor, loadCoveredRuns } from './coverage';
import { arrange } from './explore/arrange';
import { loadGroupStatistics, type Statistics } from './explore/groupStatistics';
import { onlyAmong } from './explore/heaviestByLists';
import { heaviestGroups } from './explore/heaviestGroups';
import { keyDimensions, keysOf, positionAmong } from './explore/keyColumns';
import { isWidenedToMonths, leftOutNotes, loadLeftOut, WHOLE_MONTHS_ONLY } from './explore/leftOut';
import { loadNames } from './explore/names';
import { refuseDearRaw } from './explore/rawCost';
import { type FoundSeries, loadAddressSeries, loadSumSeries, withoutGroups } from './explore/series';
import { loadTopGroups, NO_GROUPS, type TopGroups } from './explore/topGroups';
import { type SumOf, sumColumn, sumFor } from './explore/valueColumn';
import { type Facts, loadFacts } from './facts';
import { geoNotes, hasPlaces } from './geoNotes';
import { metaOf } from './meta';
import { slotsOf } from './slots';
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
  const notes: Note[] = [...current.notes, ...changed];
  if (hasPlaces(options.by)) notes.push(...geoNotes(facts));
  if (drawn.zoneNote !== null) notes.push({ code: 'utc_periods', text: drawn.zoneNote });
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

/** A plan over time, and whose buckets it has. */
interface Drawn {
  plan: Plan;
  bucket: BucketName;
  zone: string;
  zoneNote: string | null;
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

function slotsWith(
  { scope, facts }: Asking,
  plan: Plan,
  dimensions: readonly Dimension[],
  others = true,
): Sql {
  return slotsOf({
    parts: plan.parts,
    dimensions,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: Math.min(plan.bucket?.seconds ?? 60, 60),
    lookback: facts.lookback,
    others,
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
  const [found, runs, left] = await Promise.all([
    counts ? addressSeries(asking, drawn, top) : sumSeries(asking, drawn, top, of),
    loadCoveredRuns(context, facts, drawn.plan),
    loadLeftOut(context, { ...scope, parts: drawn.plan.parts, of }),
  ]);
  const coverage = coverageFor(runs, facts, drawn.plan, scope.filters);
  const axis = axisOf(drawn.plan, drawn.zone, coverage);
  const statistics = counts || !withP95 ? NO_STATISTICS : await statisticsOf(asking, drawn, top, runs, of);
  return {
    columns: {
      buckets: axis.starts,
      end: axis.end,
      coveredSeconds: axis.coveredSeconds,
      seconds: axis.seconds,
      flags: axis.flags,
      ...arrange({
        measure: options.measure,
        by: options.by,
        direction: scope.direction,
        byDirection,
        top,
        axis,
        found,
        statistics,
      }),
    },
    coverage,
    p95: statistics.kind,
    notes: [
      ...leftOutNotes(left, of, options.by),
      ...(statistics.why === null ? [] : [{ code: 'no_p95', text: `No mean and p95: ${statistics.why}.` }]),
    ],
  };

  function statisticsOf(
    { context, scope, facts, options }: Asking,
    { plan }: Drawn,
    { groups }: TopGroups,
    runs: readonly CoveredRuns[],
    of: SumOf,
  ): Promise<Statistics> {
    return loadGroupStatistics(context, {
      scope,
      facts,
      plan,
      runs,
      by: options.by,
      groups,
      byDirection,
      of,
    });
  }
}

const NO_STATISTICS: Statistics = { rows: [], kind: null, why: null };

function seriesWanted({ byDirection, options }: Asking, drawn: Drawn, top: TopGroups, from: Sql) {
  return {
    from,
    bucket: drawn.bucket,
    zone: drawn.zone,
    position: positionAmong(keyDimensions(options.by), top.groups),
    byDirection,
  };
}

function columnsWanted({ byDirection, options }: Asking): Dimension[] {
  return [
    ...new Set<Dimension>([...keyDimensions(options.by), ...(byDirection ? (['direction'] as const) : [])]),
  ];
}

function sumSeries(asking: Asking, drawn: Drawn, top: TopGroups, of: SumOf): Promise<FoundSeries[]> {
  const everything = top.isByLists ? planOfEverything(asking, drawn) : null;
  if (everything !== null) return sumSeriesOfFew(asking, drawn, everything, top, of);
  const from = slotsWith(asking, drawn.plan, columnsWanted(asking));
  return loadSumSeries(asking.context, {
    ...seriesWanted(asking, drawn, top, from),
    value: sumColumn(of),
  });
}

/** The same range in the same buckets without addresses; null where no table has just these. */
function planOfEverything({ scope, facts, byDirection }: Asking, { plan, bucket }: Drawn): Plan | null {
  const choice = chooseFor(scope, facts, {
    measure: 'traffic',
    dimensions: byDirection ? ['direction'] : [],
    range: plan,
    axis: true,
    step: bucket,
  });
  if ('refusal' in choice) return null;
  const { from, to, bucket: found } = choice.plan;
  return from === plan.from && to === plan.to && found?.name === bucket ? choice.plan : null;
}

/** The same where only the days of the groups are read: all others are what is left of everything, which needs no addresses. */
async function sumSeriesOfFew(
  asking: Asking,
  drawn: Drawn,
  everything: Plan,
  top: TopGroups,
  of: SumOf,
): Promise<FoundSeries[]> {
  const { context, options, byDirection } = asking;
  const columns = keyDimensions(options.by);
  const value = sumColumn(of);
  const few = onlyAmong(slotsWith(asking, drawn.plan, columnsWanted(asking)), columns, top.groups);
  const all = slotsWith(asking, everything, byDirection ? ['direction'] : []);
  const [found, totals] = await Promise.all([
    loadSumSeries(context, { ...seriesWanted(asking, drawn, top, few), value }),
    loadSumSeries(context, { ...seriesWanted(asking, drawn, NO_GROUPS, all), value }),
  ]);
  const groups = found.filter(({ position }) => position > 0);
  return [...groups, ...totals.map((total) => withoutGroups(total, groups))];
}

function addressSeries(asking: Asking, drawn: Drawn, top: TopGroups): Promise<FoundSeries[]> {
  const { context, scope, facts } = asking;
  const from = uniqueStates(
    drawn.plan.parts,
    columnsWanted(asking),
    scope.direction,
    scope.filters,
    facts.lookback,
    true,
  );
  return loadAddressSeries(context, {
    ...seriesWanted(asking, drawn, top, from),
    groups: top.groups.length,
  });
}

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
