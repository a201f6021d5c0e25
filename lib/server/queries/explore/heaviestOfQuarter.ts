import 'server-only';
import { z } from 'zod';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import { type Filters, isTerm } from '@/lib/flows/filter/filter';
import { afterMonths, MONTHS_OF_QUARTER } from '@/lib/flows/months';
import type { QuarterTable } from '@/lib/flows/tables';
import { execute, type QueryContext } from '@/lib/server/clickhouse/execute';
import { closedMap, instant, join, type Sql, sql, text, uint32 } from '@/lib/server/clickhouse/sql';
import { exact, small } from '../rows';
import type { HeaviestWanted } from './heaviestByLists';
import { keyNames, readKeys } from './keyColumns';
import { NO_GROUPS, type RankedGroups } from './topGroups';
import { isUnchangedQuarter } from './unchangedMonths';

const TABLE: Record<string, QuarterTable> = {
  remoteAddress: 'heavy_addresses_1q',
  localAddress: 'heavy_locals_1q',
  'localAddress remoteAddress': 'heavy_pairs_1q',
  remotePrefix: 'heavy_prefixes_1q',
};

const quarterTable = closedMap<QuarterTable>({
  heavy_addresses_1q: sql`heavy_addresses_1q`,
  heavy_locals_1q: sql`heavy_locals_1q`,
  heavy_pairs_1q: sql`heavy_pairs_1q`,
  heavy_prefixes_1q: sql`heavy_prefixes_1q`,
});

const carried = closedMap<Direction>({
  both: sql`ingress_bytes + egress_bytes`,
  ingress: sql`ingress_bytes`,
  egress: sql`egress_bytes`,
});

const seen = closedMap<Direction>({
  both: sql`both_keys`,
  ingress: sql`ingress_keys`,
  egress: sql`egress_keys`,
});

const row = z.object({ keys: z.array(z.string()), weight: exact, found: small, most: exact });

/**
 * The heaviest addresses, prefixes or pairs of a whole quarter by bytes, from the ranking that was made when it closed: of everything, or of one region, one
 * network type or both. Exact, as everybody was ranked then and nothing has changed since.
 *
 * @returns null where no ranking answers: another range, filter or sum, a quarter whose records changed, or more wanted than it can prove
 */
export async function heaviestOfQuarter(
  context: QueryContext,
  { scope, facts, plan, columns, of, top, until }: HeaviestWanted,
): Promise<RankedGroups | null> {
  const table = TABLE[[...columns].sort().join(' ')];
  const cell = cellOf(scope.filters);
  if (table === undefined || cell === null || of !== 'bytes' || until !== undefined) return null;
  const isClosed =
    facts.closedQuarters[table].includes(plan.from) && afterMonths(plan.from, MONTHS_OF_QUARTER) === plan.to;
  if (!isClosed || !(await isUnchangedQuarter(context, table, plan.from))) return null;
  const names = join(keyNames(columns.length), ', ');
  const rows = await execute(
    context,
    sql`SELECT [${names}] AS keys, toString(total) AS weight, found, toString(bound) AS most
FROM
(
    SELECT ${readKeys(columns)}, rank, ${carried(scope.direction)} AS total,
        max(${seen(scope.direction)}) OVER () AS found, max(most_bytes) OVER () AS bound
    FROM ${quarterTable(table)}
    WHERE bucket = ${instant(plan.from)} AND ${isOfCell(cell)}
)
WHERE rank > 0 AND total > 0
ORDER BY total DESC, ${names}
LIMIT ${uint32(top)}`,
    row,
  );
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  // What somebody carried one way is no more than what he carried both ways.
  const isProven =
    rows.length === first.found || (rows.length === top && BigInt(last.weight) > BigInt(first.most));
  if (!isProven) return null;
  return {
    ...NO_GROUPS,
    groups: rows.map(({ keys }) => keys),
    weights: rows.map(({ weight }) => BigInt(weight)),
    found: first.found,
    isByLists: true,
    isOfMany: true,
  };
}

/** The one region or network type that a quarter is ranked by; undefined = all of them together. */
type Cell = Partial<Record<'region' | 'type', string>>;

/** @returns null where filters name anything else than one region, one type or both */
function cellOf(filters: Filters): Cell | null {
  const cell: Cell = {};
  for (const term of filters) {
    if (!isTerm(term) || term.kind !== 'names' || term.exclude || term.names.length !== 1) return null;
    if (!isRanked(term.dimension) || cell[term.dimension] !== undefined) return null;
    cell[term.dimension] = term.names[0] ?? '';
  }
  return cell;
}

function isRanked(dimension: Dimension): dimension is 'region' | 'type' {
  return dimension === 'region' || dimension === 'type';
}

function isOfCell({ region, type }: Cell): Sql {
  return sql`by_region = ${uint32(region === undefined ? 0 : 1)} AND by_type = ${uint32(type === undefined ? 0 : 1)} AND region = ${text(region ?? '')} AND network_type = ${text(type ?? '')}`;
}
