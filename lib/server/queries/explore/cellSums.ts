import 'server-only';
import { ADDRESSES } from '@/lib/flows/dimensions';
import type { Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { chooseFor } from '../asked';
import type { Facts } from '../facts';
import { slotsIn } from '../slots';
import type { Axis } from './axes';
import { grainOf } from './calendar';
import { type CellSums, columnsOf, loadCellSums, withOthersOn } from './cells';
import { keyDimensions } from './keyColumns';
import { slotsOfGroups } from './slotsOfGroups';
import { type SumOf, sumColumn } from './valueColumn';

interface Wanted {
  scope: Scope;
  facts: Facts;
  axes: readonly Axis[];
  plan: Plan;
  of: SumOf;
}

/** Sums of every cell; where an axis is of some of many addresses, only these are read, and all others are what is left of everything. */
export async function cellSums(
  context: QueryContext,
  { scope, facts, axes, plan, of }: Wanted,
): Promise<Map<string, CellSums>> {
  const wanted = { zone: scope.zone, value: sumColumn(of), watermark: facts.watermark ?? plan.from };
  const few = axes.findIndex((axis) => 'groups' in axis && axis.isOfMany);
  const axis = axes[few];
  const everything =
    axis === undefined || !('groups' in axis) ? null : planWithout(scope, facts, axes, few, plan);
  if (everything === null || axis === undefined || !('groups' in axis)) {
    return loadCellSums(context, {
      ...wanted,
      axes,
      slots: slotsIn({ scope, facts }, plan.parts, columnsOf(axes), { others: true }),
    });
  }
  const others = axes.map((each, i) => (i === few ? { ...axis, groups: [] } : each));
  const [named, all] = await Promise.all([
    loadCellSums(context, {
      ...wanted,
      axes,
      slots: slotsOfGroups(
        { scope, facts },
        plan.parts,
        columnsOf(axes),
        { columns: keyDimensions([axis.by]), groups: axis.groups },
        { others: true },
      ),
    }),
    loadCellSums(context, {
      ...wanted,
      axes: others,
      slots: slotsIn({ scope, facts }, everything.parts, columnsOf(axes.filter((_, i) => i !== few)), {
        others: true,
      }),
    }),
  ]);
  return withOthersOn(few, axis.groups.length, named, all);
}

/** The same range without the addresses of an axis; null where another axis needs them too, or no table has just this. */
function planWithout(
  scope: Scope,
  facts: Facts,
  axes: readonly Axis[],
  few: number,
  plan: Plan,
): Plan | null {
  const rest = axes.filter((_, i) => i !== few);
  const dimensions = columnsOf(rest);
  if (dimensions.some((dimension) => ADDRESSES.includes(dimension))) return null;
  const grain = grainOf(rest.map(({ by }) => by));
  const choice = chooseFor(scope, facts, {
    measure: 'volume',
    dimensions,
    range: plan,
    axis: grain !== null,
    ...(grain === null ? {} : { grain }),
  });
  if ('refusal' in choice) return null;
  return choice.plan.from === plan.from && choice.plan.to === plan.to ? choice.plan : null;
}
