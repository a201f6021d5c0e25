import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import { coveredByLists, heavyTableFor } from '@/lib/flows/heavyParts';
import { nextMonth } from '@/lib/flows/months';
import type { Part, Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, type Sql, sql } from '@/lib/server/clickhouse/sql';
import { ADDRESSES, askFor } from '../asked';
import { filterDimensions } from '../columns';
import type { Facts } from '../facts';
import { slotsOf } from '../slots';
import { hasAddressAmong } from './keyColumns';
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
  // A month that the range cuts may have keys that the range has not.
  const whole = parts.filter((part) => part.table === table && part.from >= plan.from && part.to <= plan.to);
  const [left, within, candidates] = await Promise.all([
    loadLeftOut(context, { ...scope, parts, of }),
    loadLeftOut(context, { ...scope, parts: whole, of }),
    loadTopGroups(context, {
      from: slots(wanted, parts),
      columns,
      weight: sql`sum(toUInt128(${sumColumn(of)}))`,
      top: 10 * first + 1,
    }),
  ]);
  for (const count of [first, 10 * first]) {
    const found = await sumsOf(context, wanted, candidates.groups.slice(0, count));
    const isAll = candidates.found <= count && left?.isSome !== true;
    // Who is no candidate carried at most what the next one did by the lists, and what one can carry without being on them.
    const most = (candidates.weights[count] ?? 0n) + BigInt(left?.most ?? 0);
    const last = found.weights[top - 1];
    if (isAll || (last !== undefined && last > most)) {
      const atLeast = Math.max(found.found, within?.atLeast ?? 0);
      return { ...found, found: isAll ? found.found : atLeast, isAtLeast: !isAll, isByLists: true };
    }
    if (candidates.found <= count) return null;
  }
  return null;
}

function overlaps({ from, to }: Plan, month: number): boolean {
  return from < nextMonth(month) && to > month;
}

function sumsOf(
  context: QueryContext,
  wanted: HeaviestWanted,
  candidates: readonly (readonly string[])[],
): Promise<RankedGroups> {
  const { plan, columns, of, top, until } = wanted;
  const value = sql`toUInt128(${sumColumn(of)})`;
  return loadTopGroups(context, {
    from: onlyAmong(slots(wanted, plan.parts), columns, candidates),
    columns,
    weight: until === undefined ? sql`sum(${value})` : sql`sumIf(${value}, bucket < ${instant(until)})`,
    top,
  });
}

/** Slots of those addresses alone that one of the groups has. */
export function onlyAmong(
  slots: Sql,
  columns: readonly Dimension[],
  groups: readonly (readonly string[])[],
): Sql {
  return sql`SELECT * FROM
(
${slots}
)
WHERE ${hasAddressAmong(columns, groups)}`;
}

function slots({ scope, facts, columns }: HeaviestWanted, parts: readonly Part[]): Sql {
  return slotsOf({
    parts,
    dimensions: columns,
    direction: scope.direction,
    filters: scope.filters,
    rawSlotSeconds: 60,
    lookback: facts.lookback,
  });
}
