import 'server-only';
import { isCalendarPart } from '@/lib/flows/calendarParts';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { GroupAxis, GroupMeasure, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import type { KeyName } from '@/lib/flows/contracts/exploreOverTime';
import type { Coverage } from '@/lib/flows/coverage';
import { countsAddresses } from '@/lib/flows/measures';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { compareRange, type Scope } from '@/lib/flows/scope';
import { chooseUniqueSeries } from '@/lib/flows/uniqueSeries';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { AppError } from '@/lib/server/errors';
import { askedRange, askFor, planFor, refused, sumsPlanFor } from './asked';
import { comparedPeriods, NOT_COMPARED } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { type Axis, axesOf, axesOver, writtenAxis } from './explore/axes';
import { dimensionsAmong, grainOf } from './explore/calendar';
import { type CellPercentiles, loadPercentiles } from './explore/cellPercentiles';
import { cellSums } from './explore/cellSums';
import { type CellAddresses, columnsOf, loadCellAddresses } from './explore/cells';
import { figuresOf, type Measured } from './explore/figures';
import { byListsNotes } from './explore/heaviestByLists';
import { heaviestGroups } from './explore/heaviestGroups';
import { keyDimensions } from './explore/keyColumns';
import {
  HEAVIEST_ONLY,
  isWidenedToMonths,
  leftOutNotes,
  loadLeftOut,
  WHOLE_MONTHS_ONLY,
} from './explore/leftOut';
import { loadNames } from './explore/names';
import { refuseDearRaw } from './explore/rawCost';
import { sumFor } from './explore/valueColumn';
import { type Facts, loadFacts } from './facts';
import { geoNotes, hasPlaces } from './geoNotes';
import { metaOf } from './meta';
import { clockNotes } from './timeNotes';
import { tellsTypes, typeNotes } from './typeNotes';
import { uniqueStates } from './uniques';

interface Options {
  measure: GroupMeasure;
  by: readonly GroupAxis[];
  top: number;
  delta: boolean;
}

interface Asking {
  context: QueryContext;
  scope: Scope;
  facts: Facts;
  options: Options;
}

/** A measure by one to three axes: cells, totals of each axis, everything; with the same of the range that is compared, where asked. */
export async function answerExploreGroups(
  { scope, options }: Request<Options>,
  context: QueryContext,
): Promise<Answer<GroupRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asking: Asking = { context, scope, facts, options };
  const asked = askedRange(scope, facts.now);
  const before = options.delta ? compareRange(asked, scope.compare, scope.zone) : null;
  const periods = comparedPeriods(asked, before, facts.watermark);
  const plan = sumsPlan(asking, periods.current.range);
  await refuseDearRaw(context, plan);
  const axes = await loadAxes(asking, plan);
  const [current, previous, names, changed] = await Promise.all([
    measure(asking, axes, plan, periods.current.uniques),
    periods.previous === null
      ? { missing: null }
      : loadBefore(asking, axes, periods.previous.range, periods.previous.uniques),
    namesOf(asking, axes),
    tellsTypes(options.by, scope) ? typeNotes(plan, facts) : [],
  ]);
  const earlier = 'missing' in previous ? null : previous;
  return {
    rows: {
      axes: axes.map(writtenAxis),
      ...figuresOf(axes, options.measure, current, earlier, scope, facts),
      p95: current.percentiles.kind,
      names,
      addressesFrom: current.addressesRange?.from ?? null,
      addressesTo: current.addressesRange?.to ?? null,
      compared: earlier === null ? null : { from: earlier.plan.from, to: earlier.plan.to },
      comparedMissing: 'missing' in previous ? previous.missing : null,
    },
    meta: metaOf(context, {
      plan: { ...plan, bucket: null },
      asked,
      zone: scope.zone,
      coverage: current.coverage,
      facts,
      started,
      notes: [
        ...current.notes,
        ...byListsNotes(axes.filter((axis) => 'groups' in axis)),
        ...(hasPlaces(options.by) ? geoNotes(facts) : []),
        ...leftOutBefore(earlier?.notes ?? []),
        ...changed,
        ...(options.by.includes('hour') || options.by.includes('day') ? clockNotes(plan, scope.zone) : []),
      ],
    }),
  };
}

/** What is on no list of the range that is compared: there, an address that is shown may have carried something too. */
function leftOutBefore(notes: readonly Note[]): Note[] {
  return notes
    .filter(({ code }) => code === HEAVIEST_ONLY)
    .map((note) => ({
      ...note,
      code: `${HEAVIEST_ONLY}_before`,
      text: `The range that is compared: ${note.text}`,
    }));
}

/** @throws AppError not_answerable or not_retained */
function sumsPlan({ scope, facts, options }: Asking, range: TimeRange): Plan {
  const grain = grainOf(options.by);
  const measure = sumFor(options.measure);
  const wanted = {
    measure: measure === 'bytes' ? ('volume' as const) : measure,
    dimensions: keyDimensions(dimensionsAmong(options.by)),
    range,
    axis: grain !== null,
    cut: facts.watermark,
    ...(grain === null ? {} : { grain }),
  };
  const onlyMonths = options.by.every((axis) => !isCalendarPart(axis) || axis === 'month');
  // Of an address, the list of pairs holds only what it carried in the heaviest of them.
  const arePairs = options.by.includes('remoteAddress') && options.by.includes('localAddress');
  return sumsPlanFor(scope, facts, wanted, onlyMonths && !arePairs).plan;
}

/** Each dimension's heaviest keys, whatever the other axes are. */
async function loadAxes({ context, scope, facts, options }: Asking, plan: Plan): Promise<Axis[]> {
  const tops = await Promise.all(
    dimensionsAmong(options.by).map(async (dimension) => {
      const columns = keyDimensions([dimension]);
      const wanted = { measure: 'volume', dimensions: columns, range: plan, axis: false } as const;
      return heaviestGroups(context, {
        scope,
        facts,
        plan: sumsPlanFor(scope, facts, wanted).plan,
        columns,
        of: sumFor(options.measure),
        top: options.top,
      });
    }),
  );
  return axesOf(options.by, tops, plan, scope.zone);
}

interface Period extends Measured {
  plan: Plan;
  coverage: Coverage;
  addressesRange: TimeRange | null;
  notes: Note[];
}

const NO_PERCENTILES: CellPercentiles = { of: new Map(), kind: null, why: null };

async function measure(
  asking: Asking,
  axes: readonly Axis[],
  plan: Plan,
  uniquesRange: TimeRange,
): Promise<Period> {
  const { context, scope, facts, options } = asking;
  const of = sumFor(options.measure);
  const [sums, runs, counted, left] = await Promise.all([
    cellSums(context, { scope, facts, axes, plan, of }),
    loadCoveredRuns(context, facts, plan),
    countsAddresses(options.measure) ? countAddresses(asking, axes, uniquesRange) : null,
    loadLeftOut(context, { ...scope, parts: plan.parts, of }),
  ]);
  const percentiles =
    options.measure === 'p95'
      ? await loadPercentiles(context, { scope, facts, runs, axes, range: plan, of })
      : NO_PERCENTILES;
  const notes: Note[] = [...(counted?.notes ?? []), ...leftOutNotes(left, of, dimensionsAmong(options.by))];
  if (percentiles.why !== null) notes.push({ code: 'no_p95', text: `No p95: ${percentiles.why}.` });
  return {
    plan,
    range: plan,
    runs,
    coverage: coverageFor(runs, facts, plan, scope.filters),
    sums,
    addresses: counted?.found ?? null,
    percentiles,
    addressesRange: counted?.range ?? null,
    notes,
  };
}

interface Counted {
  found: Map<string, CellAddresses>;
  range: TimeRange;
  notes: Note[];
}

/** Distinct addresses of the axes; along the calendar they are those of stored periods, and of UTC where the zone's are not kept. */
async function countAddresses(
  { context, scope, facts, options }: Asking,
  axes: readonly Axis[],
  range: TimeRange,
): Promise<Counted> {
  const wanted = { measure: options.measure, dimensions: columnsOf(axes), range };
  const step = stepOf(options.by);
  if (step === null) {
    const plan = planFor(scope, facts, { ...wanted, axis: false });
    await refuseDearRaw(context, plan);
    const states = uniqueStates(
      plan.parts,
      wanted.dimensions,
      scope.direction,
      scope.filters,
      facts.lookback,
      true,
    );
    const found = await loadCellAddresses(context, { axes, zone: scope.zone, states });
    const notes =
      plan.widened === null ? [] : [{ code: 'uniques_widened', text: `Addresses: ${plan.widened}` }];
    return { found, range: plan, notes };
  }
  const choice = chooseUniqueSeries(askFor(scope, facts, { ...wanted, axis: true, step }));
  if ('refusal' in choice) throw refused(choice.refusal);
  const { plan, zone, zoneNote } = choice.series;
  await refuseDearRaw(context, plan);
  if (plan.bucket?.name !== step) {
    throw new AppError(
      'not_retained',
      `Distinct addresses are no longer kept by ${step === '1h' ? 'hour' : 'day'} in this range.`,
      'Choose a later range, months instead of days, or volume.',
    );
  }
  const states = uniqueStates(
    plan.parts,
    wanted.dimensions,
    scope.direction,
    scope.filters,
    facts.lookback,
    true,
  );
  const found = await loadCellAddresses(context, { axes, zone, states });
  const notes = zoneNote === null ? [] : [{ code: 'utc_periods', text: zoneNote }];
  return { found, range: plan, notes };
}

/** The stored period that the finest calendar axis needs; null without one. */
function stepOf(by: readonly GroupAxis[]): '1h' | '1d' | '1mo' | null {
  if (by.includes('hour')) return '1h';
  if (by.includes('day') || by.includes('weekday') || by.includes('week')) return '1d';
  return by.includes('month') ? '1mo' : null;
}

async function loadBefore(
  asking: Asking,
  axes: readonly Axis[],
  range: TimeRange,
  uniques: TimeRange,
): Promise<Period | { missing: string }> {
  const { facts, scope } = asking;
  if (facts.firstData === null || range.to <= facts.firstData) {
    return { missing: 'Nothing had been received yet in the range that is compared.' };
  }
  try {
    const plan = sumsPlan(asking, range);
    if (isWidenedToMonths(plan, range)) return { missing: WHOLE_MONTHS_ONLY };
    await refuseDearRaw(asking.context, plan);
    return await measure(asking, axesOver(axes, plan, scope.zone), plan, uniques);
  } catch (error) {
    if (error instanceof AppError && NOT_COMPARED.includes(error.code)) {
      return { missing: `The range that is compared: ${error.message}` };
    }
    throw error;
  }
}

async function namesOf({ context, facts }: Asking, axes: readonly Axis[]): Promise<KeyName[]> {
  const names = await Promise.all(
    axes.map((axis) => ('numbers' in axis ? [] : loadNames(context, facts, axis.by, writtenAxis(axis).keys))),
  );
  return names.flat();
}
