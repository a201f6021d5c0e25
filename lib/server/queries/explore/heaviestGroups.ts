import 'server-only';
import { ADDRESSES } from '@/lib/flows/dimensions';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { slotsIn } from '../slots';
import { type HeaviestWanted, heaviestByLists } from './heaviestByLists';
import { heaviestOfQuarter } from './heaviestOfQuarter';
import { loadLeftOut, withOthers } from './leftOut';
import { recordsIn } from './recordsIn';
import { loadTopGroups, NO_GROUPS, type RankedGroups } from './topGroups';
import { sumColumn } from './valueColumn';
import { WORTH_LISTS } from './worthLists';

/** The heaviest groups of a range by a sum: of many addresses by way of lists, where these prove who they are. */
export async function heaviestGroups(context: QueryContext, wanted: HeaviestWanted): Promise<RankedGroups> {
  const { scope, plan, columns, of, top } = wanted;
  if (columns.length === 0) return { ...NO_GROUPS, weights: [] };
  const isByAddress = columns.some((column) => ADDRESSES.includes(column));
  const isOfMany = isByAddress && (await recordsIn(context, [plan])) >= WORTH_LISTS;
  if (isOfMany) {
    const found = (await heaviestOfQuarter(context, wanted)) ?? (await heaviestByLists(context, wanted));
    if (found !== null) return found;
  }
  const [all, left] = await Promise.all([
    loadTopGroups(context, {
      from: slotsIn(wanted, plan.parts, columns),
      columns,
      weight: sql`sum(toUInt128(${sumColumn(of)}))`,
      top,
    }),
    loadLeftOut(context, { ...scope, parts: plan.parts, of }),
  ]);
  return { ...withOthers(all, left), isOfMany };
}
