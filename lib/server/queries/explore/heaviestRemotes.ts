import 'server-only';
import type { Part } from '@/lib/flows/plan';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { chooseFor } from '../asked';
import { slotsIn } from '../slots';
import type { HeaviestWanted } from './heaviestByLists';
import { recordsIn } from './recordsIn';
import { loadTopGroups } from './topGroups';
import { sumColumn } from './valueColumn';
import { WORTH_LISTS } from './worthLists';

/** The pairs of so many remote addresses are looked at. */
const REMOTES = 100;

/** Remote addresses, each alone as a group, and what any other one carried at most: no pair of it carried more. */
export interface HeaviestRemotes {
  remotes: string[][];
  most: bigint;
}

/**
 * The heaviest remote addresses of stretches that no list covers. There are several pairs to an address, and grouping them takes several times as long.
 * @returns null where there are few records, or where no table has the addresses of just these stretches
 */
export async function heaviestRemotes(
  context: QueryContext,
  { scope, facts, of }: HeaviestWanted,
  stretches: readonly Part[],
): Promise<HeaviestRemotes | null> {
  if (stretches.length === 0 || (await recordsIn(context, stretches)) < WORTH_LISTS) return null;
  const parts: Part[] = [];
  for (const { from, to } of stretches) {
    const dimensions = ['remoteAddress'] as const;
    const choice = chooseFor(scope, facts, {
      measure: 'volume',
      dimensions,
      range: { from, to },
      axis: false,
    });
    if ('refusal' in choice || choice.plan.from !== from || choice.plan.to !== to) return null;
    parts.push(...choice.plan.parts);
  }
  const { groups, weights } = await loadTopGroups(context, {
    from: slotsIn({ scope, facts }, parts, ['remoteAddress']),
    columns: ['remoteAddress'],
    weight: sql`sum(toUInt128(${sumColumn(of)}))`,
    top: REMOTES + 1,
    uncounted: true,
  });
  return { remotes: groups.slice(0, REMOTES), most: weights[REMOTES] ?? 0n };
}
