import 'server-only';
import type { Dimension } from '@/lib/flows/dimensions';
import { closedMap, join, type Sql, sql, texts } from '@/lib/server/clickhouse/sql';
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

/** Position of a row's group among `groups`, from 1; 0 = none of them. Texts are as `readKeys` gave them. */
export function positionAmong(columns: readonly Dimension[], groups: readonly (readonly string[])[]): Sql {
  if (groups.length === 0 || columns.length === 0) return sql`toUInt64(0)`;
  const arrays = columns.map((column, i) =>
    typed(
      column,
      groups.map((keys) => keys[i] ?? ''),
    ),
  );
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    // An enumeration is not equal to its text.
    const column = only === 'direction' ? comparable(only) : dimensionColumn(only);
    return sql`indexOf(${arrays[0] ?? sql``}, ${column})`;
  }
  return sql`indexOf(arrayZip(${join(arrays, ', ')}), (${join(columns.map(comparable), ', ')}))`;
}

function typed(column: Dimension, keys: readonly string[]): Sql {
  return CAST[column]?.(keys) ?? sql`CAST(${texts(keys)}, 'Array(String)')`;
}

/** Tuples are compared type by type: short texts and enumerations become plain texts. */
function comparable(column: Dimension): Sql {
  return CAST[column] === undefined ? sql`toString(${dimensionColumn(column)})` : dimensionColumn(column);
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
