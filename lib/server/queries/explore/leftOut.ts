import 'server-only';
import { z } from 'zod';
import { formatValue } from '@/lib/charts/format';
import type { Note } from '@/lib/flows/contracts/envelope';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { Filters } from '@/lib/flows/filter/filter';
import type { Part, Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { KEPT_HEAVIEST, TABLE_FACTS } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { closedMap, instant, join, sql } from '@/lib/server/clickhouse/sql';
import { conditions, tableName } from '../columns';
import { exact, small } from '../rows';
import type { TopGroups } from './topGroups';
import { type SumOf, sumColumn } from './valueColumn';

/** What lists of the heaviest do not hold. */
export interface LeftOut {
  /** what one address, prefix or pair carried at most without being on the lists, over all their months */
  most: string;
  /** there are others than the listed ones */
  isSome: boolean;
  /** keys that there are at least: those of the busiest month, region, type and direction */
  atLeast: number;
}

/** Of one key in one region, type and direction. */
export const MOST = closedMap<SumOf>({
  bytes: sql`most_bytes`,
  packets: sql`most_packets`,
  flowRecords: sql`most_records`,
});

/** Of one key in the whole month. */
export const MONTH_MOST = closedMap<SumOf>({
  bytes: sql`month_most_bytes`,
  packets: sql`month_most_packets`,
  flowRecords: sql`month_most_records`,
});

const row = z.object({ most: exact, isSome: small, atLeast: small });

/**
 * What one key can have carried at most in months in which it is not on the lists: of each month the lesser of what one carried at most
 * everywhere, and of the sum over the asked regions, types and directions of what one carried at most there. Months that were closed
 * before that was written down only know all others together. null where no list answers.
 */
export async function loadLeftOut(
  context: QueryContext,
  wanted: { parts: readonly Part[]; direction: Direction; filters: Filters; of: SumOf },
): Promise<LeftOut | null> {
  const { parts, direction, filters, of } = wanted;
  const lists = parts.filter(({ table }) => TABLE_FACTS[table].heaviest);
  if (lists.length === 0) return null;
  const [found] = await execute(
    context,
    sql`SELECT sum(if(earlier, cells, least(cells, month_most))) AS most, max(some) AS isSome, max(seen) AS atLeast
FROM
(
    SELECT bucket, max(is_earlier) AS earlier, sum(cell_most) AS cells, max(whole_most) AS month_most, max(has_others) AS some, max(keys) AS seen
    FROM
    (
        SELECT bucket, region, network_type, direction, maxIf(rule = 0, rank = 0) AS is_earlier,
            sumIf(if(rule = 0, toUInt128(${sumColumn(of)}), toUInt128(${MOST(of)})), rank = 0) AS cell_most,
            maxIf(toUInt128(${MONTH_MOST(of)}), rank = 0) AS whole_most, max(rank = 0) AS has_others, countIf(rank > 0) + sum(others) AS keys
        FROM
        (
${join(
  lists.map(
    (
      part,
    ) => sql`SELECT bucket, region, network_type, direction, rank, rule, others, ${sumColumn(of)}, ${MOST(of)}, ${MONTH_MOST(of)}
FROM ${tableName(part.table)}
WHERE bucket >= ${instant(part.from)} AND bucket < ${instant(part.to)} AND ${conditions(direction, filters, part.table)}`,
  ),
  '\nUNION ALL\n',
)}
        )
        GROUP BY bucket, region, network_type, direction
    )
    GROUP BY bucket
)`,
    row,
  );
  return found === undefined ? null : { most: found.most, isSome: found.isSome > 0, atLeast: found.atLeast };
}

/** Groups from the lists, with as many found as there are at least: those that are on no list count too. */
export function withOthers<Top extends TopGroups>(top: Top, left: LeftOut | null): Top {
  return left?.isSome ? { ...top, found: Math.max(top.found + 1, left.atLeast), isAtLeast: true } : top;
}

/** Whether lists of the heaviest answer more than the range: what is compared would be longer than what it is compared with. */
export function isWidenedToMonths(plan: Plan, range: TimeRange): boolean {
  const isWider = plan.from < range.from || plan.to > range.to;
  return isWider && plan.parts.some(({ table }) => TABLE_FACTS[table].heaviest);
}

/** Why such a range is not compared. */
export const WHOLE_MONTHS_ONLY =
  'The range that is compared: its days are gone, and of closed months the heaviest addresses are kept by whole months only.';

/** The code of the note below. */
export const HEAVIEST_ONLY = 'heaviest_only';

const UNIT: Record<SumOf, NonNullable<Note['figure']>['unit']> = {
  bytes: 'bytes',
  packets: 'packets',
  flowRecords: 'records',
};

/** The note of an answer from lists of the heaviest: what an address that is not on them carried at most. */
export function leftOutNotes(left: LeftOut | null, of: SumOf, by: readonly Dimension[]): Note[] {
  if (left === null || !left.isSome) return [];
  const isPair = by.includes('localAddress') && by.includes('remoteAddress');
  const [one, many] = isPair
    ? ['A pair', 'pairs of addresses']
    : by.includes('remotePrefix')
      ? ['A prefix', 'prefixes']
      : ['An address', 'addresses'];
  return [
    {
      code: HEAVIEST_ONLY,
      text: `Of closed months whose days are gone, the ${KEPT_HEAVIEST.toLocaleString('en-US')} heaviest ${many} of each region and network type are kept. ${one} carried at most ${figureOf(left.most, of)} in months in which it was not among them: that is in Other, with ${many} that are not counted here.`,
      figure: { value: left.most, unit: UNIT[of] },
    },
  ];
}

/** Three digits are shown: a bound is rounded up, so that it stays one. */
const ROUNDED_UP = 1.005;

function figureOf(most: string, of: SumOf): string {
  return of === 'bytes'
    ? formatValue(Number(most) * ROUNDED_UP, 'B')
    : `${BigInt(most).toLocaleString('en-US')} ${UNIT[of]}`;
}
