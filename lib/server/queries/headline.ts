import 'server-only';
import { z } from 'zod';
import type { Request } from '@/lib/flows/contracts/contract';
import type { Answer, Note } from '@/lib/flows/contracts/envelope';
import type { HeadlineFigures, HeadlineRows } from '@/lib/flows/contracts/headline';
import { type Coverage, coveredIntervals } from '@/lib/flows/coverage';
import type { CountedDirection } from '@/lib/flows/direction';
import { couldHold } from '@/lib/flows/filter/evaluate';
import { secondsOf } from '@/lib/flows/intervals';
import type { Plan } from '@/lib/flows/plan';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import { compareRange, type Scope } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { AppError } from '@/lib/server/errors';
import { askedRange, chooseFor, planFor } from './asked';
import { type AskedPeriod, comparedPeriods } from './comparedPeriods';
import { coverageFor, loadCoveredRuns } from './coverage';
import { isDear, refuseDearRaw, TOO_MANY_RAW } from './explore/rawCost';
import { type Facts, loadFacts } from './facts';
import { metaOf } from './meta';
import { exact, rateOf, small } from './rows';
import { slotsOf } from './slots';
import { loadStatistics } from './statistics';
import { magnitudeOf, plusMinusOf, uniqueStates } from './uniques';
import { uniquesPlanFor } from './uniquesPlan';

/** The headline numbers of the scope's range, and the same of the period it is compared with. */
export async function answerHeadline(
  { scope }: Request<unknown>,
  context: QueryContext,
): Promise<Answer<HeadlineRows>> {
  const started = performance.now();
  const facts = await loadFacts();
  const asked = askedRange(scope, facts.now);
  const periods = comparedPeriods(asked, compareRange(asked, scope.compare, scope.zone), facts.watermark);
  const [current, previous] = await Promise.all([
    loadPeriod(context, scope, facts, periods.current),
    periods.previous === null
      ? ('not_compared' as const)
      : loadPrevious(context, scope, facts, periods.previous),
  ]);
  const { plan, coverage, notes, figures } = current;
  return {
    rows: {
      current: figures,
      previous: typeof previous === 'string' ? null : previous,
      previousMissing: typeof previous === 'string' ? previous : null,
    },
    meta: metaOf(context, { plan, asked, zone: scope.zone, coverage, facts, started, notes }),
  };
}

type Missing = NonNullable<HeadlineRows['previousMissing']>;

async function loadPrevious(
  context: QueryContext,
  scope: Scope,
  facts: Facts,
  period: AskedPeriod,
): Promise<HeadlineFigures | Missing> {
  if (facts.firstData === null || period.range.to <= facts.firstData || period.range.from >= facts.now)
    return 'no_data';
  try {
    return (await loadPeriod(context, scope, facts, period)).figures;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_retained') return 'not_retained';
    throw error;
  }
}

interface Period {
  figures: HeadlineFigures;
  plan: Plan;
  coverage: Coverage;
  notes: Note[];
}

async function loadPeriod(
  context: QueryContext,
  scope: Scope,
  facts: Facts,
  { range: asked, uniques: askedUniques }: AskedPeriod,
): Promise<Period> {
  const plan = planFor(scope, facts, {
    measure: 'volume',
    dimensions: ['direction'],
    range: asked,
    axis: false,
  });
  await refuseDearRaw(context, plan);
  const counting = await uniquesPlanFor(context, scope, facts, ['direction'], askedUniques);
  const [sums, uniques, percentiles] = await Promise.all([
    loadSums(context, scope, facts, plan),
    counting.plan === null ? null : loadUniques(context, scope, facts, counting.plan),
    loadPercentiles(context, scope, facts, plan),
  ]);
  const notes = [...percentiles.notes, ...counting.notes];
  const { coverage } = percentiles;
  return {
    plan,
    coverage,
    notes,
    figures: {
      volume: sums.bytes,
      packets: sums.packets,
      flowRecords: sums.flowRecords,
      meanRate: percentiles.meanRate,
      p95: percentiles.p95(null),
      p95Ingress: percentiles.p95('ingress'),
      p95Egress: percentiles.p95('egress'),
      uniques: uniques?.addresses ?? null,
      uniquesPlusMinus: plusMinusOf(uniques?.addresses ?? 0),
      magnitude: uniques === null ? null : magnitudeOf(uniques.bytes, uniques.addresses),
      coveredSeconds: secondsOf(coveredIntervals(coverage)),
      coverage: coverage.share,
      from: plan.from,
      to: plan.to,
      uniquesFrom: counting.plan?.from ?? askedUniques.from,
      uniquesTo: counting.plan?.to ?? askedUniques.to,
    },
  };
}

const sumsRow = z.object({ bytes: exact, packets: exact, flowRecords: exact });

async function loadSums(context: QueryContext, scope: Scope, facts: Facts, plan: Plan) {
  const slots = slotsOf({
    parts: plan.parts,
    dimensions: ['direction'],
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: 60,
    lookback: facts.lookback,
  });
  const [row] = await execute(
    context,
    sql`SELECT sum(toUInt128(s.bytes)) AS bytes, sum(toUInt128(s.packets)) AS packets, sum(toUInt128(s.flow_records)) AS flowRecords
FROM
(
${slots}
) AS s`,
    sumsRow,
  );
  return row ?? { bytes: '0', packets: '0', flowRecords: '0' };
}

async function loadUniques(context: QueryContext, scope: Scope, facts: Facts, plan: Plan) {
  const [row] = await execute(
    context,
    sql`SELECT uniqCombined64Merge(17)(s.addresses) AS addresses, sum(toUInt128(s.bytes)) AS bytes
FROM
(
${uniqueStates(plan.parts, [], scope.direction, scope.filters, facts.lookback)}
) AS s`,
    z.object({ addresses: small, bytes: exact }),
  );
  return row ?? { addresses: 0, bytes: '0' };
}

interface Percentiles {
  coverage: Coverage;
  meanRate: number | null;
  /** of a direction; null = of the summed series */
  p95(direction: CountedDirection | null): number | null;
  notes: Note[];
}

/** Mean and p95 from five-minute slots. A direction that the scope leaves out has none. */
async function loadPercentiles(
  context: QueryContext,
  scope: Scope,
  facts: Facts,
  plan: Plan,
): Promise<Percentiles> {
  const runs = await loadCoveredRuns(context, facts, plan);
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const range = {
    from: Math.ceil(plan.from / SLOT_SECONDS) * SLOT_SECONDS,
    to: Math.floor(plan.to / SLOT_SECONDS) * SLOT_SECONDS,
  };
  const none: Percentiles = { coverage, meanRate: null, p95: () => null, notes: [] };
  if (range.from >= range.to) return none;
  const choice = chooseFor(scope, facts, {
    measure: 'p95',
    dimensions: ['direction'],
    range,
    axis: false,
  });
  const why =
    'refusal' in choice ? choice.refusal.why : (await isDear(context, choice.plan)) ? TOO_MANY_RAW : null;
  if ('refusal' in choice || why !== null) {
    return { ...none, notes: [{ code: 'no_p95', text: `No mean and p95 of 5-minute slots: ${why}.` }] };
  }
  const slotCoverage = coverageFor(runs, facts, range, scope.filters);
  const seconds = secondsOf(coveredIntervals(slotCoverage));
  if (seconds === 0) return none;
  const slots = slotsOf({
    parts: choice.plan.parts,
    dimensions: ['direction'],
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: SLOT_SECONDS,
    lookback: facts.lookback,
  });
  const rows = await loadStatistics(context, slots, slotCoverage, range, {
    types: null,
    byDirection: true,
  });
  const of = (direction: CountedDirection | null) => rows.find((row) => row.direction === direction);
  return {
    coverage,
    meanRate: rateOf(of(null)?.coveredBytes ?? '0', seconds),
    p95: (direction) =>
      direction === null ||
      ((scope.direction === 'both' || scope.direction === direction) &&
        couldHold(scope.filters, 'direction', direction) !== false)
        ? rateOf(of(direction)?.p95Bytes ?? '0', SLOT_SECONDS)
        : null,
    notes: [],
  };
}
