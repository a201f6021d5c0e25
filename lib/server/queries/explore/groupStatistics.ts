import 'server-only';
import { z } from 'zod';
import { coveredIntervals } from '@/lib/flows/coverage';
import type { Dimension } from '@/lib/flows/dimensions';
import { COUNTED_DIRECTIONS, type CountedDirection } from '@/lib/flows/direction';
import { secondsByBucket, secondsOf } from '@/lib/flows/intervals';
import { rankOfP95 } from '@/lib/flows/percentile';
import type { Plan } from '@/lib/flows/plan';
import { SLOT_SECONDS, type TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { join, type Sql, sql, text, uint32, uint32s } from '@/lib/server/clickhouse/sql';
import { chooseFor } from '../asked';
import { type CoveredRuns, coverageFor } from '../coverage';
import type { Facts } from '../facts';
import { exact } from '../rows';
import { slotsOf } from '../slots';
import { loadSlotStatistics } from '../statistics';
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

/**
 * Mean and 95th percentile of each group, of all others and of everything: from slots of five minutes where a table or few enough raw records
 * have them, else from hours.
 */
export async function loadGroupStatistics(context: QueryContext, wanted: Wanted): Promise<Statistics> {
  const fine = chosen(wanted, 'p95', SLOT_SECONDS);
  if (fine.plan !== null && !(await isDear(context, fine.plan))) {
    return { rows: await fromSlots(context, wanted, fine.plan), kind: 'slots', why: null };
  }
  const coarse = chosen(wanted, 'p95Hourly', HOUR);
  if (coarse.plan !== null && !(await isDear(context, coarse.plan))) {
    return { rows: await fromHours(context, wanted, coarse.plan), kind: 'hours', why: null };
  }
  return {
    rows: [],
    kind: null,
    why: coarse.why ?? fine.why ?? 'too many raw records would have to be read',
  };
}

function chosen(
  { scope, facts, plan, by }: Wanted,
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
function placedSlots(wanted: Wanted, plan: Plan, slotSeconds: number): Sql {
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

const hoursRow = z.object({ sums: z.array(exact), p95s: z.array(z.number()) });

/**
 * The same of hours: the mean of an hour is what came in it by its covered seconds, and an hour counts when it has any. Hours that are covered
 * in part are named one by one; there are few.
 */
async function fromHours(context: QueryContext, wanted: Wanted, plan: Plan): Promise<GroupStatistics[]> {
  const { scope, facts, runs } = wanted;
  const coverage = coverageFor(runs, facts, plan, scope.filters);
  const hours = hoursOf(plan);
  const covered = secondsByBucket(coveredIntervals(coverage), hours, plan.to);
  const count = covered.filter((seconds) => seconds > 0).length;
  if (count === 0) return [];
  const seconds = covered.reduce((sum, each) => sum + each, 0);
  const odd = hours.flatMap((hour, i) => (covered[i] === HOUR ? [] : [{ hour, seconds: covered[i] ?? 0 }]));
  const series = seriesOf(wanted);
  const fromTop = uint32(count - rankOfP95(count) + 1);
  const [found] = await execute(
    context,
    sql`SELECT sumForEach(series) AS sums,
    arrayMap(values -> arrayPartialReverseSort(${fromTop}, values)[${fromTop}], groupArrayForEach(arrayMap(total -> total / covered_seconds, series))) AS p95s
FROM
(
    SELECT [${join(
      series.map((each) => {
        const conditions = conditionsOf(each);
        return conditions.length === 0
          ? sql`sum(toUInt128(value))`
          : sql`sumIf(toUInt128(value), ${join(conditions, ' AND ')})`;
      }),
      ', ',
    )}] AS series,
        transform(toUnixTimestamp(toStartOfHour(bucket)), ${uint32s(odd.map(({ hour }) => hour))}, ${uint32s(odd.map((each) => each.seconds))}, toUInt32(${uint32(HOUR)})) AS covered_seconds
    FROM
    (
${placedSlots(wanted, plan, HOUR)}
    )
    GROUP BY toStartOfHour(bucket)
    HAVING covered_seconds > 0
)`,
    hoursRow,
  );
  return series.map(({ position, direction }, i) => ({
    position,
    direction,
    mean: Number(found?.sums[i] ?? '0') / seconds,
    p95: found?.p95s[i] ?? 0,
  }));
}

function hoursOf({ from, to }: TimeRange): number[] {
  return Array.from({ length: (to - from) / HOUR }, (_, i) => from + i * HOUR);
}
