import 'server-only';
import type { Note } from '@/lib/flows/contracts/envelope';
import { ADDRESSES, type Dimension } from '@/lib/flows/dimensions';
import { coveredByLists, heavyTableFor } from '@/lib/flows/heavyParts';
import { nextMonth } from '@/lib/flows/months';
import type { Part, Plan } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { type Sql, sql } from '@/lib/server/clickhouse/sql';
import { askFor } from '../asked';
import { filterDimensions } from '../columns';
import type { Facts } from '../facts';
import { slotsIn } from '../slots';
import { exactSums } from './exactSums';
import { type HeaviestRemotes, heaviestRemotes } from './heaviestRemotes';
import { onlyAmong } from './slotsOfGroups';
import { loadTopGroups, type RankedGroups } from './topGroups';
import { unchangedMonths } from './unchangedMonths';
import { unlistedBounds } from './unlistedBounds';
import { type SumOf, sumColumn } from './valueColumn';

/** So many groups are added up for one that is wanted, and at least so many; where they do not prove the order, ten times as many. */
const CANDIDATES_EACH = 5;
const LEAST_CANDIDATES = 100;

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
 * more than anybody else can have. Of pairs, what no list covers is looked at by way of the heaviest remote addresses.
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
  // Where days are gone, lists answer by themselves and nothing can prove them.
  if (plan.parts.some((part) => part.table === table)) return null;
  const closed = (facts.closedMonths?.[table] ?? []).filter((month) => overlaps(plan, month));
  const months = await unchangedMonths(context, table, closed);
  const lists = { table, months };
  const parts = coveredByLists(plan.parts, table, months);
  const open = parts.filter((part) => part.table !== table);
  const arePairs = columns.includes('remoteAddress') && columns.includes('localAddress');
  const remotes = arePairs ? await heaviestRemotes(context, wanted, open) : null;
  if (months.length === 0 && remotes === null) return null;
  const candidates = (count: number) =>
    loadTopGroups(context, {
      from:
        remotes === null
          ? slotsIn(wanted, parts, columns)
          : ofRemotes(wanted, parts.slice(0, parts.length - open.length), open, remotes),
      columns,
      weight: sql`sum(toUInt128(${sumColumn(of)}))`,
      top: count + 1,
      uncounted: true,
    });
  const first = Math.max(LEAST_CANDIDATES, CANDIDATES_EACH * top);
  const [bounds, few] = await Promise.all([
    unlistedBounds(context, { ...scope, ...lists, of }),
    candidates(first),
  ]);
  const unlisted = [...bounds.most.values()].reduce((sum, each) => sum + each, remotes?.most ?? 0n);
  for (const count of [first, 10 * first]) {
    const { groups, weights } = count === first ? few : await candidates(count);
    const chosen = groups.slice(0, count);
    const { heaviest, seen } = await exactSums(context, wanted, lists, chosen, bounds.most);
    const isAll = groups.length <= count && unlisted === 0n;
    // Who is no candidate carried at most what the next one did by the lists, and what one can carry without being on them.
    const most = (weights[count] ?? 0n) + unlisted;
    const last = heaviest[top - 1];
    if (isAll || (last !== undefined && last.sum > most)) {
      const shown = heaviest.slice(0, top);
      // A month that the range cuts may have keys that the range has not.
      const whole = months.filter((month) => month >= plan.from && nextMonth(month) <= plan.to);
      return {
        groups: shown.map(({ keys }) => keys),
        weights: shown.map(({ sum }) => sum),
        found: Math.max(seen, ...whole.map((month) => bounds.atLeast.get(month) ?? 0)),
        isAtLeast: true,
        isByLists: true,
        isOfMany: true,
      };
    }
    if (groups.length <= count) return null;
  }
  return null;
}

/** Slots of lists, and of open stretches those of some remote addresses alone. */
function ofRemotes(
  wanted: HeaviestWanted,
  lists: readonly Part[],
  open: readonly Part[],
  { remotes }: HeaviestRemotes,
): Sql {
  const few = onlyAmong(slotsIn(wanted, open, wanted.columns), ['remoteAddress'], remotes);
  return lists.length === 0 ? few : sql`${slotsIn(wanted, lists, wanted.columns)}\nUNION ALL\n${few}`;
}

/** What an answer says of it: its tables are those of the figures, lists only told whose figures to ask for. */
export function byListsNotes(tops: readonly Pick<RankedGroups, 'isByLists'>[]): Note[] {
  if (!tops.some(({ isByLists }) => isByLists)) return [];
  return [
    {
      code: 'by_lists',
      text: 'Who is heaviest was found by lists of closed months or quarters and the heaviest remote addresses, and proven by exact sums. Other is what is left of the sums of everything, which are kept without addresses.',
    },
  ];
}

function overlaps({ from, to }: Plan, month: number): boolean {
  return from < nextMonth(month) && to > month;
}
