import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { Part } from '@/lib/flows/plan';
import type { Filters } from '@/lib/flows/scope';
import { instant, join, type Sql, sql } from '@/lib/server/clickhouse/sql';
import { columnList, conditions, tableName } from './columns';

/** Up to this many the states hold every hash and count exactly. */
const COUNTED_EXACTLY = 4_096;

/** Twice the standard error of a 17-bit state (0.25 %): 95 % of counts lie within it. */
const RELATIVE_ERROR = 0.005;

/** How far a count may be off, in addresses. */
export function plusMinusOf(count: number): number {
  return count <= COUNTED_EXACTLY ? 0 : Math.ceil(count * RELATIVE_ERROR);
}

/** Bits per address; null without an address. */
export function magnitudeOf(bytes: string | bigint, addresses: number): number | null {
  return addresses > 0 ? Number(BigInt(bytes) * 8n) / addresses : null;
}

/** Stored states of the parts: rows of (dimensions …, addresses, bytes, packets, flow_records), to be merged and never added. */
export function uniqueStates(
  parts: readonly Part[],
  dimensions: readonly Dimension[],
  direction: Direction,
  filters: Filters,
): Sql {
  const columns = dimensions.length === 0 ? sql`` : sql`${columnList(dimensions)}, `;
  return join(
    parts.map(
      (part) => sql`SELECT ${columns}addresses, bytes, packets, flow_records
FROM ${tableName(part.table)}
WHERE bucket >= ${instant(part.from)} AND bucket < ${instant(part.to)} AND ${conditions(direction, filters)}`,
    ),
    '\nUNION ALL\n',
  );
}
