import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import type { NetworkTerm } from '@/lib/flows/filter/filter';
import type { Part } from '@/lib/flows/plan';
import type { Scope } from '@/lib/flows/scope';
import { type Sql, sql } from '@/lib/server/clickhouse/sql';
import type { Facts } from '../facts';
import { type SlotsWanted, slotsIn } from '../slots';
import { hasAddressAmong, keysOf } from './keyColumns';

/**
 * Slots of those addresses and prefixes alone that one of the groups has, for dimensions that hold them. Days are sorted by remote address, so that
 * little else is read.
 * @param columns what the texts of a group are of
 */
export function slotsOfGroups(
  { scope, facts }: { scope: Scope; facts: Facts },
  parts: readonly Part[],
  dimensions: readonly Dimension[],
  { columns, groups }: { columns: readonly Dimension[]; groups: readonly (readonly string[])[] },
  options: Partial<Pick<SlotsWanted, 'others' | 'rawSlotSeconds'>> = {},
): Sql {
  const networks = prefixesOf(columns, groups);
  const term: NetworkTerm = { kind: 'networks', dimension: 'remotePrefix', exclude: false, networks };
  const filters = networks.length === 0 ? scope.filters : [...scope.filters, term];
  return onlyAmong(
    slotsIn({ scope: { ...scope, filters }, facts }, parts, dimensions, options),
    columns,
    groups,
  );
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

/** As a filter writes them; none where the groups are not by prefix. */
function prefixesOf(columns: readonly Dimension[], groups: readonly (readonly string[])[]): string[] {
  if (!columns.includes('remotePrefix')) return [];
  return [...new Set(groups.flatMap((group) => keysOf(['remotePrefix'], columns, group)))];
}
