import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import {
  closedMap,
  ipv6s,
  join,
  type Parameter,
  type Sql,
  sql,
  texts,
  uint32,
  uint32s,
  uint64s,
} from '@/lib/server/clickhouse/sql';
import { dimensionColumn } from '../columns';

/** Values of a dimension as texts, back in the type of its column: comparing texts row by row costs several times as much. */
const CAST: Partial<Record<Dimension, (keys: readonly string[]) => Sql>> = {
  ip: (keys) => sql`CAST(${texts(keys)}, 'Array(UInt8)')`,
  interface: (keys) => sql`CAST(${texts(keys)}, 'Array(UInt32)')`,
  asn: (keys) => sql`CAST(${texts(keys)}, 'Array(UInt32)')`,
  protocol: (keys) => sql`CAST(${texts(keys)}, 'Array(UInt8)')`,
  servicePort: (keys) => sql`CAST(${texts(keys)}, 'Array(UInt16)')`,
  remotePrefix: (keys) => sql`CAST(${texts(keys)}, 'Array(IPv6)')`,
  remoteAddress: (keys) => sql`CAST(${texts(keys)}, 'Array(IPv6)')`,
  localAddress: (keys) => sql`CAST(${texts(keys)}, 'Array(IPv6)')`,
};

const columnName = closedMap<'k1' | 'k2' | 'k3' | 'k4' | 'k5' | 'k6'>({
  k1: sql`k1`,
  k2: sql`k2`,
  k3: sql`k3`,
  k4: sql`k4`,
  k5: sql`k5`,
  k6: sql`k6`,
});

/** Column names k1 … kn, for values read as texts. */
export function keyNames(count: number): Sql[] {
  const names = ['k1', 'k2', 'k3', 'k4', 'k5', 'k6'] as const;
  if (count > names.length) throw new Error(`${count} columns: at most ${names.length} can be keys`);
  return names.slice(0, count).map(columnName);
}

/** The columns that make a group: an interface is a number on an exporter and nothing without it. */
export function keyDimensions(by: readonly Dimension[]): Dimension[] {
  const wanted = by.flatMap((dimension): Dimension[] =>
    dimension === 'interface' ? ['exporter', 'interface'] : [dimension],
  );
  return [...new Set(wanted)];
}

/** `toString(a) AS k1, toString(b) AS k2` */
export function readKeys(columns: readonly Dimension[]): Sql {
  const names = keyNames(columns.length);
  return join(
    columns.map((column, i) => sql`toString(${dimensionColumn(column)}) AS ${names[i] ?? sql``}`),
    ', ',
  );
}

/**
 * Position of a row's group among `groups`, from 1; `otherwise` = none of them. Texts are as `readKeys` gave them.
 *
 * Each column is looked up by itself (`transform` hashes, and does short texts once for each that occurs), and what was found is looked up
 * once more: comparing tuples with a list row by row took most of the time of an answer over 1.7 M rows.
 */
export function positionAmong(
  columns: readonly Dimension[],
  groups: readonly (readonly string[])[],
  otherwise = 0,
): Sql {
  if (groups.length === 0 || columns.length === 0) return sql`toUInt32(${uint32(otherwise)})`;
  const parts = columns.map((column, i) => {
    const keys = [...new Set(groups.map((group) => group[i] ?? ''))];
    return { column, keys, at: (group: readonly string[]) => keys.indexOf(group[i] ?? '') + 1 };
  });
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return placeOf(only.column, only.keys, otherwise);
  const code = parts.reduce<Sql | null>(
    (sum, { column, keys }) =>
      sum === null
        ? placeOf(column, keys)
        : sql`(${sum}) * toUInt64(${uint32(keys.length + 1)}) + ${placeOf(column, keys)}`,
    null,
  );
  const codes = groups.map((group) =>
    parts.reduce((sum, { keys, at }) => sum * (keys.length + 1) + at(group), 0),
  );
  return sql`transform(${code ?? sql`toUInt64(0)`}, ${uint64s(codes)}, ${oneTo(groups.length)}, toUInt32(${uint32(otherwise)}))`;
}

/**
 * Whether a row may belong to one of the groups: its addresses are among theirs. Days are sorted by remote address, so that only what may hold them is
 * read; columns that are no addresses are left to `positionAmong`.
 */
export function hasAddressAmong(columns: readonly Dimension[], groups: readonly (readonly string[])[]): Sql {
  const conditions = columns.flatMap((column, i) =>
    column === 'remoteAddress' || column === 'localAddress'
      ? [sql`${dimensionColumn(column)} IN ${ipv6s([...new Set(groups.map((group) => group[i] ?? ''))])}`]
      : [],
  );
  return conditions.length === 0 ? sql`1` : join(conditions, ' AND ');
}

/** Position of a row's value among the keys of one column, from 1; `otherwise` = none of them. */
function placeOf(column: Dimension, keys: readonly string[], otherwise = 0): Sql {
  return sql`transform(${dimensionColumn(column)}, ${typed(column, keys)}, ${oneTo(keys.length)}, toUInt32(${uint32(otherwise)}))`;
}

function oneTo(count: number): Parameter {
  return uint32s(Array.from({ length: count }, (_, i) => i + 1));
}

function typed(column: Dimension, keys: readonly string[]): Sql {
  return CAST[column]?.(keys) ?? sql`CAST(${texts(keys)}, 'Array(String)')`;
}

/** A group's key in each dimension asked, from the texts of its columns. */
export function keysOf(
  by: readonly Dimension[],
  columns: readonly Dimension[],
  values: readonly string[],
): string[] {
  const textOf = (dimension: Dimension) => values[columns.indexOf(dimension)] ?? '';
  return by.map((dimension) => {
    const value = textOf(dimension);
    switch (dimension) {
      case 'interface':
        return `${textOf('exporter')} ${value}`;
      case 'remoteAddress':
      case 'localAddress':
        return address(value);
      case 'remotePrefix':
        return prefix(value);
      default:
        return value;
    }
  });
}

const MAPPED = '::ffff:';

function isMapped(value: string): boolean {
  return value.startsWith(MAPPED) && value.includes('.');
}

/** `192.0.2.7`; of IPv6 the /64 that is counted: `2001:db8:1:2::/64` */
function address(value: string): string {
  return isMapped(value) ? value.slice(MAPPED.length) : `${value}/64`;
}

function prefix(value: string): string {
  return isMapped(value) ? `${value.slice(MAPPED.length)}/24` : `${value}/48`;
}
