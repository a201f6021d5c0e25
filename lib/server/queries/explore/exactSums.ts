import 'server-only';
import { z } from 'zod';
import { nextMonth } from '@/lib/flows/months';
import type { Part } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { HeavyTable } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { instant, join, sql } from '@/lib/server/clickhouse/sql';
import { chooseFor } from '../asked';
import { columnList } from '../columns';
import { exact, small } from '../rows';
import type { HeaviestWanted } from './heaviestByLists';
import { keyNames, readKeys } from './keyColumns';
import { slotsOfGroups } from './slotsOfGroups';
import { sumColumn } from './valueColumn';

/** A group with what it carried in the range. */
export interface GroupSum {
  /** texts of its columns */
  keys: string[];
  sum: bigint;
}

/** Closed months whose lists hold what is stored. */
interface Lists {
  table: HeavyTable;
  /** starts, epoch seconds */
  months: readonly number[];
}

/** A month whose list answers, and what of it does not lie in the range: that is taken off again. */
interface Listed {
  month: number;
  outside: Part[];
}

/**
 * What the heaviest of some groups carried in a range, exactly. A month comes from its list, which holds everything of who is on it, less the days of it
 * outside of the range where these are fewer; what is on no list, from its days. These are asked for nobody whom they cannot lift among the heaviest.
 *
 * @param most what one group can have carried in a month without being on its list
 * @returns the heaviest first, equal ones by their keys; `seen` = how many of the groups carried anything, at least
 */
export async function exactSums(
  context: QueryContext,
  wanted: HeaviestWanted,
  lists: Lists,
  groups: readonly string[][],
  most: ReadonlyMap<number, bigint>,
): Promise<{ heaviest: GroupSum[]; seen: number }> {
  if (groups.length === 0) return { heaviest: [], seen: 0 };
  const { plan } = wanted;
  const listed = lists.months.flatMap((month) => listedMonth(wanted, month));
  const fromLists = listed.map(({ month }) => ({ table: lists.table, from: month, to: nextMonth(month) }));
  const days = outsideOf(plan.parts, fromLists);
  const [inLists, outside, inDays] = await Promise.all([
    monthlySums(context, wanted, fromLists, groups),
    monthlySums(
      context,
      wanted,
      listed.flatMap((each) => each.outside),
      groups,
    ),
    monthlySums(context, wanted, days, groups),
  ]);
  const sums = new Map(groups.map((keys) => [nameOf(keys), total(inDays.get(nameOf(keys)))]));
  const add = (keys: readonly string[], sum: bigint) =>
    sums.set(nameOf(keys), (sums.get(nameOf(keys)) ?? 0n) + sum);
  const isListed = (keys: readonly string[], month: number) => inLists.get(nameOf(keys))?.has(month) === true;
  for (const { month } of listed) {
    for (const keys of groups.filter((each) => isListed(each, month))) {
      const whole = inLists.get(nameOf(keys))?.get(month) ?? 0n;
      add(keys, whole - (outside.get(nameOf(keys))?.get(month) ?? 0n));
    }
  }
  const known = ranked(groups, sums);
  const last = known[wanted.top - 1]?.sum ?? 0n;
  const unlisted = (keys: readonly string[]) =>
    listed.reduce((sum, { month }) => sum + (isListed(keys, month) ? 0n : (most.get(month) ?? 0n)), 0n);
  const contenders = known.filter(({ keys, sum }) => sum + unlisted(keys) >= last).map(({ keys }) => keys);
  await Promise.all(
    listed.map(async ({ month }) => {
      if (!most.has(month)) return;
      const missing = contenders.filter((keys) => !isListed(keys, month));
      const own = within(plan.parts, { from: month, to: nextMonth(month) });
      const found = await monthlySums(context, wanted, own, missing);
      for (const keys of missing) add(keys, total(found.get(nameOf(keys))));
    }),
  );
  const heaviest = ranked(contenders, sums).filter(({ sum }) => sum > 0n);
  return { heaviest, seen: [...sums.values()].filter((sum) => sum > 0n).length };
}

function ranked(groups: readonly string[][], sums: ReadonlyMap<string, bigint>): GroupSum[] {
  return groups
    .map((keys) => ({ keys, sum: sums.get(nameOf(keys)) ?? 0n }))
    .sort((a, b) => (a.sum === b.sum ? (nameOf(a.keys) < nameOf(b.keys) ? -1 : 1) : a.sum < b.sum ? 1 : -1));
}

/** Empty where the days of the month in the range are fewer than those outside of it, or these are not kept. */
function listedMonth({ scope, facts, plan, columns, until }: HeaviestWanted, month: number): Listed[] {
  const end = nextMonth(month);
  if (until !== undefined && end > until) return [];
  const cut = [
    { from: month, to: Math.max(plan.from, month) },
    { from: Math.min(plan.to, end), to: end },
  ].filter(({ from, to }) => from < to);
  if (2 * cut.reduce((sum, { from, to }) => sum + to - from, 0) > end - month) return [];
  const outside: Part[] = [];
  for (const range of cut) {
    const choice = chooseFor(scope, facts, { measure: 'volume', dimensions: columns, range, axis: false });
    if ('refusal' in choice || choice.plan.from !== range.from || choice.plan.to !== range.to) return [];
    outside.push(...choice.plan.parts);
  }
  return [{ month, outside }];
}

function within(parts: readonly Part[], { from, to }: TimeRange): Part[] {
  return parts
    .map((part) => ({ ...part, from: Math.max(part.from, from), to: Math.min(part.to, to) }))
    .filter((part) => part.from < part.to);
}

/** What of the parts lies in none of the ranges. */
function outsideOf(parts: readonly Part[], ranges: readonly TimeRange[]): Part[] {
  return ranges.reduce<readonly Part[]>(
    (left, { from, to }) => [
      ...within(left, { from: Number.NEGATIVE_INFINITY, to: from }),
      ...within(left, { from: to, to: Number.POSITIVE_INFINITY }),
    ],
    parts,
  ) as Part[];
}

const row = z.object({ keys: z.array(z.string()), month: small, total: exact });

/** Sums of groups by UTC month (epoch seconds of its start); a group may stand in it that was not asked for. */
async function monthlySums(
  context: QueryContext,
  wanted: HeaviestWanted,
  parts: readonly Part[],
  groups: readonly (readonly string[])[],
): Promise<Map<string, Map<number, bigint>>> {
  const sums = new Map<string, Map<number, bigint>>();
  if (parts.length === 0 || groups.length === 0) return sums;
  const { columns, of, until } = wanted;
  const value = sql`toUInt128(${sumColumn(of)})`;
  const slots = slotsOfGroups(wanted, parts, columns, { columns, groups });
  const names = join(keyNames(columns.length), ', ');
  const rows = await execute(
    context,
    sql`SELECT [${names}] AS keys, month, toString(total) AS total
FROM
(
    SELECT ${readKeys(columns)}, month, total
    FROM
    (
        SELECT ${columnList(columns)}, toUnixTimestamp(toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC')) AS month,
            ${until === undefined ? sql`sum(${value})` : sql`sumIf(${value}, bucket < ${instant(until)})`} AS total
        FROM
        (
${slots}
        )
        GROUP BY ${columnList(columns)}, month
    )
)`,
    row,
  );
  for (const { keys, month, total } of rows) {
    const months = sums.get(nameOf(keys)) ?? new Map<number, bigint>();
    sums.set(nameOf(keys), months.set(month, BigInt(total)));
  }
  return sums;
}

function nameOf(keys: readonly string[]): string {
  return keys.join(' ');
}

function total(months: ReadonlyMap<number, bigint> | undefined): bigint {
  let sum = 0n;
  for (const each of months?.values() ?? []) sum += each;
  return sum;
}
