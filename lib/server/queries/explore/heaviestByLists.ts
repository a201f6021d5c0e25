import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import { coveredByLists, heavyTableFor } from '@/lib/flows/heavyParts';
import { nextMonth } from '@/lib/flows/months';
import type { Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { ADDRESSES, askFor } from '../asked';
import { filterDimensions } from '../columns';
import type { Facts } from '../facts';
import { slotsOf } from '../slots';
import { exactSums } from './exactSums';
import { loadLeftOut } from './leftOut';
import { loadTopGroups, type RankedGroups } from './topGroups';
import { unchangedMonths } from './unchangedMonths';
import { type SumOf, sumColumn } from './valueColumn';

/** So many groups are added up for one that is wanted, and at least so many; where they do not prove the order, ten times as many. */
const CANDIDATES_EACH = 10;
const LEAST_CANDIDATES = 200;

export interface HeaviestWanted {
  scope: Scope;
  facts: Facts;
  /** of days of addresses; ranks what it covers */
  plan: Plan;
  columns: readonly Dimension[];
  of: SumOf;
  top: number;
  /** only what came before this instant is added up */
  until?: number;
}

/**
 * The heaviest addresses, pairs and the like of a range whose days are kept, without adding up everybody's days. The lists of closed months say what
 * each of the heaviest carried at most in the range (a month that the range cuts counts whole), and what one can have carried without being on them;
 * the days, sorted by address, what some hundred of those carried exactly. The heaviest of these are the heaviest of all when the last of them carried
 * more than anybody else can have.
 *
 * @returns null where no list helps, or where the candidates prove nothing
 */
export async function heaviestByLists(
  context: QueryContext,
  wanted: HeaviestWanted,
): Promise<RankedGroups | null> {
  const { scope, facts, plan, columns, of, top } = wanted;
  const ask = askFor(scope, facts, {
    measure: 'volume',
    dimensions: columns,
    range: plan,
    axis: false,
    heaviest: true,
  });
  const table = heavyTableFor(ask);
  const isFiltered = filterDimensions(scope.filters).some((dimension) => ADDRESSES.includes(dimension));
  if (table === null || isFiltered) return null;
  const closed = (facts.closedMonths?.[table] ?? []).filter((month) => overlaps(plan, month));
  const months = await unchangedMonths(context, table, closed);
  if (months.length === 0) return null;
  const parts = coveredByLists(plan.parts, table, months);
  const first = Math.max(LEAST_CANDIDATES, CANDIDATES_EACH * top);
  const [left, candidates] = await Promise.all([
    loadLeftOut(context, { ...scope, parts, of, within: plan }),
    loadTopGroups(context, {
      from: slotsOf({
        parts,
        dimensions: columns,
        direction: scope.direction,
        filters: scope.filters,
        rawSlotSeconds: 60,
        lookback: facts.lookback,
      }),
      columns,
      weight: sql`sum(toUInt128(${sumColumn(of)}))`,
      top: 10 * first + 1,
    }),
  ]);
  for (const count of [first, 10 * first]) {
    const found = await exactSums(context, wanted, { table, months }, candidates.groups.slice(0, count));
    const isAll = candidates.found <= count && left?.isSome !== true;
    // Who is no candidate carried at most what the next one did by the lists, and what one can carry without being on them.
    const most = (candidates.weights[count] ?? 0n) + BigInt(left?.most ?? 0);
    const last = found[top - 1];
    if (isAll || (last !== undefined && last.sum > most)) {
      const heaviest = found.slice(0, top);
      return {
        groups: heaviest.map(({ keys }) => keys),
        weights: heaviest.map(({ sum }) => sum),
        found: Math.max(found.length, left?.atLeast ?? 0),
        isAtLeast: true,
        isByLists: true,
      };
    }
    if (candidates.found <= count) return null;
  }
  return null;
}

function overlaps({ from, to }: Plan, month: number): boolean {
  return from < nextMonth(month) && to > month;
}
