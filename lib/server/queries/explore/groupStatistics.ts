import 'server-only';
import { coveredIntervals } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import { COUNTED_DIRECTIONS, type CountedDirection } from '@/lib/flows/direction';
import { secondsByBucket, secondsOf } from '@/lib/flows/intervals';
import { rankOfP95 } from '@/lib/flows/percentile';
import type { Plan } from '@/lib/flows/plan';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql, text, uint32 } from '@/lib/server/clickhouse/sql';
import { chooseFor } from '../asked';
import { type CoveredRuns, coverageFor } from '../coverage';
import type { Facts } from '../facts';
import { slotsOf } from '../slots';
import { loadSlotStatistics } from '../statistics';
import { type HourlySums, loadHourlySums } from './hourlySums';
import { keyDimensions, positionAmong } from './keyColumns';
import { isDear } from './rawCost';
import { type SumOf, sumColumn } from './valueColumn';

const HOUR = 3_600;

/** Statistics of one group in one direction. */
export interface GroupStatistics {
  /** position of the group from 1; 0 = all others; null = everything together */
  position: number | null;
  /** null = both directions together */
  direction: CountedDirection | null;
  /** units in covered slots / covered seconds */
  mean: number;
  /** units per second of the slot that is number ceil(0.95 N) */
  p95: number;
}

export interface Statistics {
  rows: GroupStatistics[];
  /** what p95 is of; null = it cannot be told, and `why` says so */
  kind: 'slots' | 'hours' | null;
  why: string | null;
}

interface Wanted {
  scope: Scope;
  facts: Facts;
  plan: Plan;
  runs: readonly CoveredRuns[];
  by: readonly Dimension[];
  groups: readonly (readonly string[])[];
  byDirection: boolean;
  of: SumOf;
}

/** What statistics are made of. */
export type StatisticsPlan = { kind: 'slots' | 'hours'; plan: Plan } | { kind: null; why: string | null };

/** Slots of five minutes where a table or few enough raw records have them, else hours; or why neither can be had. */
export async function chooseStatistics(
  context: QueryContext,
  wanted: Pick<Wanted, 'scope' | 'facts' | 'plan' | 'by'>,
): Promise<StatisticsPlan> {
  const fine = chosen(wanted, 'p95', SLOT_SECONDS);
  if (fine.plan !== null && !(await isDear(context, fine.plan))) return { kind: 'slots', plan: fine.plan };
  const coarse = chosen(wanted, 'p95Hourly', HOUR);
  if (coarse.plan !== null && !(await isDear(context, coarse.plan))) {
    return { kind: 'hours', plan: coarse.plan };
  }
  return { kind: null, why: coarse.why ?? fine.why ?? 'too many raw records would have to be read' };
}

/**
 * Mean and 95th percentile of each group, of all others and of everything.
 * @param hourly what `hourlySumsOf` gave, where it was asked for already
 */
export async function loadGroupStatistics(
  context: QueryContext,
  wanted: Wanted,
  chosen: StatisticsPlan,
  hourly?: readonly HourlySums[],
): Promise<Statistics> {
  if (chosen.kind === null) return { rows: [], kind: null, why: chosen.why };
  const { kind, plan } = chosen;
  const rows =
    kind === 'slots'
      ? await fromSlots(context, wanted, plan)
      : fromHours(wanted, plan, hourly ?? (await hourlySumsOf(context, wanted, plan)));
  return { rows, kind, why: null };
}

/** Sums of each group and of all others by hour. */
export function hourlySumsOf(
  context: QueryContext,
  wanted: Omit<Wanted, 'runs' | 'plan'>,
  plan: Plan,
): Promise<HourlySums[]> {
  return loadHourlySums(context, placedSlots(wanted, plan, HOUR), wanted.byDirection);
}

function chosen(
  { scope, facts, plan, by }: Pick<Wanted, 'scope' | 'facts' | 'plan' | 'by'>,
  measure: 'p95' | 'p95Hourly',
  slot: number,
): { plan: Plan | null; why: string | null } {
  const range = { from: Math.ceil(plan.from / slot) * slot, to: Math.floor(plan.to / slot) * slot };
  if (range.from >= range.to) return { plan: null, why: 'the range holds no whole slot' };
  const dimensions: Dimension[] = [...keyDimensions(by), 'direction'];
  const choice = chooseFor(scope, facts, { measure, dimensions, range, axis: false });
  return 'refusal' in choice ? { plan: null, why: choice.refusal.why } : { plan: choice.plan, why: null };
}

/** Every series that has statistics: everything, each group, all others; with directions apart each of them once for either. */
function seriesOf({ groups, by, byDirection }: Wanted): Pick<GroupStatistics, 'position' | 'direction'>[] {
  const positions = by.length === 0 ? [null] : [null, ...groups.map((_, i) => i + 1), 0];
  const directions: readonly (CountedDirection | null)[] = byDirection ? COUNTED_DIRECTIONS : [null];
  return positions.flatMap((position) => directions.map((direction) => ({ position, direction })));
}

function conditionsOf({ position, direction }: Pick<GroupStatistics, 'position' | 'direction'>): Sql[] {
  return [
    ...(position === null ? [] : [sql`position = ${uint32(position)}`]),
    ...(direction === null ? [] : [sql`direction = ${text(direction)}`]),
  ];
}

/** Slots with the position of their group. */
function placedSlots(wanted: Omit<Wanted, 'runs' | 'plan'>, plan: Plan, slotSeconds: number): Sql {
  const { scope, facts, by, groups, byDirection, of } = wanted;
  const columns = keyDimensions(by);
  const slots = slotsOf({
    parts: plan.parts,
    dimensions: [...new Set<Dimension>([...columns, ...(byDirection ? (['direction'] as const) : [])])],
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: slotSeconds,
    lookback: facts.lookback,
  });
  return sql`SELECT bucket, ${positionAmong(columns, groups)} AS position${byDirection ? sql`, direction` : sql``}, ${sumColumn(of)} AS value
FROM
(
${slots}
)`;
}

async function fromSlots(context: QueryContext, wanted: Wanted, plan: Plan): Promise<GroupStatistics[]> {
  const { scope, facts, runs } = wanted;
  const series = seriesOf(wanted);
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const seconds = secondsOf(coveredIntervals(coverage));
  const found = await loadSlotStatistics(context, {
    slots: placedSlots(wanted, plan, SLOT_SECONDS),
    value: sql`value`,
    series: series.map(conditionsOf),
    coverage,
    range: plan,
  });
  return found.map(({ sum, p95 }, i) => ({
    position: series[i]?.position ?? null,
    direction: series[i]?.direction ?? null,
    mean: Number(sum) / seconds,
    p95: Number(p95) / SLOT_SECONDS,
  }));
}

/**
 * The same of hours: the mean of an hour is what came in it by its covered seconds, and an hour counts when it has any; covered hours in which a series
 * has nothing are zeros.
 */
function fromHours(wanted: Wanted, plan: Plan, hourly: readonly HourlySums[]): GroupStatistics[] {
  const { scope, facts, runs } = wanted;
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const hours = hoursOf(plan);
  const covered = secondsByBucket(coveredIntervals(coverage), hours, plan.to);
  const count = covered.filter((seconds) => seconds > 0).length;
  if (count === 0) return [];
  const seconds = covered.reduce((sum, each) => sum + each, 0);
  const secondsOfHour = new Map(hours.map((hour, i) => [hour, covered[i] ?? 0]));
  return seriesOf(wanted).map(({ position, direction }) => {
    const own = hourly.filter(
      (each) =>
        (position === null || each.position === position) && (direction === null || each.way === direction),
    );
    const totals = new Map<number, bigint>();
    for (const { hours: starts, sums } of own) {
      for (const [i, start] of starts.entries())
        totals.set(start, (totals.get(start) ?? 0n) + (sums[i] ?? 0n));
    }
    let sum = 0n;
    const rates = new Float64Array(count);
    let next = 0;
    for (const [hour, total] of totals) {
      const by = secondsOfHour.get(hour) ?? 0;
      if (by === 0) continue;
      sum += total;
      rates[next] = Number(total) / by;
      next += 1;
    }
    return { position, direction, mean: Number(sum) / seconds, p95: rates.sort()[rankOfP95(count) - 1] ?? 0 };
  });
}

function hoursOf({ from, to }: TimeRange): number[] {
  return Array.from({ length: (to - from) / HOUR }, (_, i) => from + i * HOUR);
}
