import 'server-only';
import type { BucketName } from '@/lib/flows/buckets';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import type { Sql } from '@/lib/server/clickhouse/sql';
import { chooseFor } from '../asked';
import type { Facts } from '../facts';
import { slotsIn } from '../slots';
import { uniqueStates } from '../uniques';
import { keyDimensions, positionAmong } from './keyColumns';
import { type FoundSeries, loadAddressSeries, loadSumSeries, withoutGroups } from './series';
import { slotsOfGroups } from './slotsOfGroups';
import { NO_GROUPS, type TopGroups } from './topGroups';
import { type SumOf, sumColumn } from './valueColumn';

/** A plan over time, and whose buckets it has. */
export interface Drawn {
  plan: Plan;
  bucket: BucketName;
  zone: string;
  zoneNote: string | null;
}

interface Wanted {
  scope: Scope;
  facts: Facts;
  by: readonly Dimension[];
  byDirection: boolean;
  drawn: Drawn;
  top: TopGroups;
}

/** Sums of each group, and of all others, in drawn buckets. */
export async function sumSeries(context: QueryContext, wanted: Wanted, of: SumOf): Promise<FoundSeries[]> {
  const { drawn, top } = wanted;
  const value = sumColumn(of);
  const everything = top.isOfMany ? planOfEverything(wanted) : null;
  if (everything === null) {
    const every = slots(wanted, drawn.plan, columnsOf(wanted));
    return loadSumSeries(context, { ...seriesOf(wanted, top, every), value });
  }
  // Only the days of the groups are read: all others are what is left of everything, which needs no addresses.
  const columns = keyDimensions(wanted.by);
  const named = slotsOfGroups(
    wanted,
    drawn.plan.parts,
    columnsOf(wanted),
    { columns, groups: top.groups },
    optionsFor(drawn.plan),
  );
  const all = slots(wanted, everything, wanted.byDirection ? ['direction'] : []);
  const [found, totals] = await Promise.all([
    loadSumSeries(context, { ...seriesOf(wanted, top, named), value }),
    loadSumSeries(context, { ...seriesOf(wanted, NO_GROUPS, all), value }),
  ]);
  const groups = found.filter(({ position }) => position > 0);
  return [...groups, ...totals.map((total) => withoutGroups(total, groups))];
}

/** The same range in the same buckets without addresses; null where no table has just these. */
function planOfEverything({ scope, facts, byDirection, drawn: { plan, bucket } }: Wanted): Plan | null {
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

/** Distinct addresses and bytes of each group, of all others and of everything, in drawn buckets. */
export function addressSeries(context: QueryContext, wanted: Wanted): Promise<FoundSeries[]> {
  const { scope, facts, drawn, top } = wanted;
  const { direction, filters } = scope;
  const states = uniqueStates(drawn.plan.parts, columnsOf(wanted), direction, filters, facts.lookback, true);
  return loadAddressSeries(context, { ...seriesOf(wanted, top, states), groups: top.groups.length });
}

function seriesOf({ by, byDirection, drawn }: Wanted, top: TopGroups, from: Sql) {
  return {
    from,
    bucket: drawn.bucket,
    zone: drawn.zone,
    position: positionAmong(keyDimensions(by), top.groups),
    byDirection,
  };
}

function columnsOf({ by, byDirection }: Wanted): Dimension[] {
  return [...new Set<Dimension>([...keyDimensions(by), ...(byDirection ? (['direction'] as const) : [])])];
}

function slots(wanted: Wanted, plan: Plan, dimensions: readonly Dimension[]): Sql {
  return slotsIn(wanted, plan.parts, dimensions, optionsFor(plan));
}

function optionsFor({ bucket }: Plan) {
  return { others: true, rawSlotSeconds: Math.min(bucket?.seconds ?? 60, 60) };
}
