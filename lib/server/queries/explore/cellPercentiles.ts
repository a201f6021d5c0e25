import 'server-only';
import { coveredIntervals } from '@/lib/flows/coverage';
import { secondsByBucket } from '@/lib/flows/intervals';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import type { Sql } from '@/lib/server/clickhouse/sql';
import { chooseFor } from '../asked';
import { type CoveredRuns, coverageFor } from '../coverage';
import type { Facts } from '../facts';
import { slotsOf } from '../slots';
import { type Axis, lengthOf } from './axes';
import { grainOf, secondsByParts } from './calendar';
import { fitsInArrays, loadP95OfArrays } from './cellArrays';
import { cellKey, columnsOf, loadCellP95 } from './cells';
import { isDear } from './rawCost';
import { type SumOf, sumColumn } from './valueColumn';

const SLOTS = [
  { measure: 'p95', slotSeconds: 300, kind: 'slots' },
  { measure: 'p95Hourly', slotSeconds: 3_600, kind: 'hours' },
] as const;

export interface CellPercentiles {
  /** units per second, of cells and totals */
  of: ReadonlyMap<string, number>;
  kind: 'slots' | 'hours' | null;
  why: string | null;
}

interface Wanted {
  scope: Scope;
  facts: Facts;
  runs: readonly CoveredRuns[];
  axes: readonly Axis[];
  range: TimeRange;
  of: SumOf;
}

/**
 * 95th percentiles of cells, of the totals of each axis and of everything: each of the summed series, never made from one another. From slots
 * of five minutes where they can be had, else from hours.
 */
export async function loadPercentiles(context: QueryContext, wanted: Wanted): Promise<CellPercentiles> {
  const { scope, facts, runs, axes, of } = wanted;
  let why: string | null = null;
  for (const { measure, slotSeconds, kind } of SLOTS) {
    const range = {
      from: Math.ceil(wanted.range.from / slotSeconds) * slotSeconds,
      to: Math.floor(wanted.range.to / slotSeconds) * slotSeconds,
    };
    if (range.from >= range.to) continue;
    const grain = grainOf(axes.map(({ by }) => by));
    const choice = chooseFor(scope, facts, {
      measure,
      dimensions: columnsOf(axes),
      range,
      axis: grain !== null,
      ...(grain === null ? {} : { grain }),
    });
    if ('refusal' in choice) {
      why ??= choice.refusal.why;
      continue;
    }
    if (await isDear(context, choice.plan)) {
      why ??= 'too many raw records would have to be read';
      continue;
    }
    const coverage = coverageFor(runs, facts, range, scope.filters);
    const { odd, slotsIn, seconds } = countSlots(coveredIntervals(coverage), range, slotSeconds);
    if (fitsInArrays(axes, seconds.length)) {
      const slots = slotsFor(wanted, choice.plan, axes, slotSeconds);
      const values = { axes, zone: scope.zone, slots, value: sumColumn(of), coverage, slotSeconds, seconds };
      return { of: await loadP95OfArrays(context, values), kind, why: null };
    }
    const sets = axes.length === 1 ? [[0], []] : [axes.map((_, i) => i), ...axes.map((_, i) => [i]), []];
    const found = await Promise.all(
      sets.map(async (set) => {
        const some = set.flatMap((i) => axes[i] ?? []);
        const values = await loadCellP95(context, {
          axes: some,
          zone: scope.zone,
          slots: slotsFor(wanted, choice.plan, some, slotSeconds),
          value: sumColumn(of),
          coverage,
          slotSeconds,
          slotsIn: slotsIn(some, scope.zone),
          odd,
        });
        return [...values].map(([key, value]) => [wholeKey(key, set, axes), value] as const);
      }),
    );
    return { of: new Map(found.flat()), kind, why: null };
  }
  return { of: new Map(), kind: null, why };
}

function slotsFor(
  { scope, facts }: Wanted,
  plan: Plan,
  axes: readonly Axis[],
  rawSlotSeconds: 300 | 3_600,
): Sql {
  return slotsOf({
    parts: plan.parts,
    dimensions: columnsOf(axes),
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds,
    lookback: facts.lookback,
  });
}

/** The key among all axes: 0 on those that are summed over. */
function wholeKey(key: string, set: readonly number[], axes: readonly Axis[]): string {
  const positions = key === '' ? [] : key.split(',').map(Number);
  return cellKey(axes.map((_, axis) => positions[set.indexOf(axis)] ?? 0));
}

/** How many slots count in each part of the calendar, and which of them are covered in part. */
function countSlots(covered: readonly TimeRange[], range: TimeRange, slotSeconds: number) {
  const starts = Array.from(
    { length: (range.to - range.from) / slotSeconds },
    (_, i) => range.from + i * slotSeconds,
  );
  const seconds = secondsByBucket(covered, starts, range.to);
  const odd = starts.flatMap((slot, i) =>
    seconds[i] === slotSeconds ? [] : [{ slot, seconds: seconds[i] ?? 0 }],
  );
  const counted = starts.flatMap((from, i) =>
    (seconds[i] ?? 0) > 0 ? [{ from, to: from + slotSeconds }] : [],
  );
  const slotsIn = (axes: readonly Axis[], zone: string) => {
    const parts = axes.flatMap((axis) =>
      'numbers' in axis && lengthOf(axis) > 0 ? [{ part: axis.by, numbers: axis.numbers }] : [],
    );
    const inSeconds = secondsByParts(parts, counted, zone);
    return new Map([...inSeconds].map(([key, value]) => [key, Math.round(value / slotSeconds)]));
  };
  // Five minutes are covered or not: those that are not are left out by their ranges, which is shorter than naming each.
  return { odd: slotSeconds === 300 ? [] : odd, slotsIn, seconds };
}
