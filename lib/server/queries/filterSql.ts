import 'server-only';
import { countriesNamed } from '@/lib/flows/filter/countries';
import type {
  Expression,
  Filters,
  NameDimension,
  NameTerm,
  NetworkDimension,
  NetworkTerm,
  NumberDimension,
  NumberTerm,
  Term,
  TextDimension,
  TextTerm,
} from '@/lib/flows/filter/filter';
import { type Network, printAddress, readNetwork, stretchesOf } from '@/lib/flows/filter/networks';
import { LONGEST } from '@/lib/flows/filter/parseValue';
import type { Table } from '@/lib/flows/tables';
import {
  closedMap,
  ipv6,
  ipv6s,
  join,
  type Sql,
  sql,
  texts,
  uint8,
  uint8s,
  uint16,
  uint16s,
  uint32,
  uint32s,
} from '@/lib/server/clickhouse/sql';

const nameColumn = closedMap<NameDimension>({
  type: sql`network_type`,
  region: sql`region`,
  direction: sql`direction`,
  ip: sql`ip_version`,
  linkKind: sql`link_kind`,
  provider: sql`provider`,
  exporter: sql`exporter`,
  country: sql`country`,
  metro: sql`metro`,
});

const numberColumn = closedMap<NumberDimension>({
  interface: sql`interface`,
  asn: sql`remote_as`,
  protocol: sql`proto`,
  servicePort: sql`service_port`,
});

/** As the view flows_by_hour_mv has it. */
export const RAW_SERVICE_PORT = sql`if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port))`;

/** Rollups keep the /32 or the /64. A network of a filter is never longer than that (nor, of prefixes, than the /24 or /48): the address decides. */
const storedAddress = closedMap<NetworkDimension>({
  remotePrefix: sql`remote_address`,
  remoteAddress: sql`remote_address`,
  localAddress: sql`local_address`,
});

function storedNetwork(dimension: NetworkDimension, table: Table): Sql {
  return table === 'heavy_prefixes_1mo' && dimension === 'remotePrefix'
    ? sql`remote_prefix`
    : storedAddress(dimension);
}

const rawAddress = closedMap<NetworkDimension>({
  remotePrefix: sql`remote_ip`,
  remoteAddress: sql`remote_ip`,
  localAddress: sql`local_ip`,
});

/** Conditions on rows of a table, one for each thing that must hold. Every value of the filter is a parameter. */
export function filterConditions(filters: Filters, table: Table): Sql[] {
  return filters.map((expression) => conditionOf(expression, table));
}

function conditionOf(expression: Expression, table: Table): Sql {
  switch (expression.kind) {
    case 'all':
      return sql`(${join(filterConditions(expression.of, table), ' AND ')})`;
    case 'any':
      return sql`(${join(filterConditions(expression.of, table), ' OR ')})`;
    default: {
      const condition = termCondition(expression, table);
      return expression.exclude ? sql`NOT (${condition})` : condition;
    }
  }
}

function termCondition(term: Term, table: Table): Sql {
  switch (term.kind) {
    case 'names':
      return nameCondition(term);
    case 'numbers':
      return numberCondition(term, table);
    case 'networks':
      return networkCondition(term, table);
    case 'text':
      return textCondition(term);
  }
}

function nameCondition({ dimension, names }: NameTerm): Sql {
  const values = dimension === 'ip' ? uint8s(names.map(Number)) : texts(names);
  return sql`${nameColumn(dimension)} IN ${values}`;
}

const NUMBER = {
  interface: { one: uint32, many: uint32s },
  asn: { one: uint32, many: uint32s },
  protocol: { one: uint8, many: uint8s },
  servicePort: { one: uint16, many: uint16s },
} as const;

function numberCondition({ dimension, ranges }: NumberTerm, table: Table): Sql {
  const column =
    table === 'flows' && dimension === 'servicePort' ? RAW_SERVICE_PORT : numberColumn(dimension);
  const { one, many } = NUMBER[dimension];
  const single = ranges.filter(([first, last]) => first === last).map(([first]) => first);
  const wide = ranges.filter(([first, last]) => first !== last);
  return anyOf([
    ...(single.length > 0 ? [sql`${column} IN ${many(single)}`] : []),
    ...wide.map(([first, last]) => sql`${column} BETWEEN ${one(first)} AND ${one(last)}`),
  ]);
}

function networkCondition(term: NetworkTerm, table: Table): Sql {
  const networks = term.networks.map(readNetwork);
  const prefixes = term.dimension === 'remotePrefix' ? networks.filter(isPrefix) : [];
  if (prefixes.length === networks.length && prefixes.length > 0) {
    const column = prefixColumn(table, prefixes.length);
    if (column !== null) return sql`${column} IN ${ipv6s(prefixes.map(({ first }) => mapped(first)))}`;
  }
  const column = table === 'flows' ? rawAddress(term.dimension) : storedNetwork(term.dimension, table);
  const stretches = networks.flatMap(stretchesOf);
  const single = stretches.filter(([first, last]) => first === last).map(([first]) => mapped(first));
  const wide = stretches.filter(([first, last]) => first !== last);
  return anyOf([
    ...(single.length > 0 ? [sql`${column} IN ${ipv6s(single)}`] : []),
    ...wide.map(([first, last]) => sql`${column} BETWEEN ${ipv6(mapped(first))} AND ${ipv6(mapped(last))}`),
  ]);
}

/** Above this ranges are not compared row by row: they would be so many that the order of days spares little reading. */
const MOST_RANGES = 32;

/** What holds whole prefixes, to be looked up; null where ranges of addresses find them faster. */
function prefixColumn(table: Table, count: number): Sql | null {
  if (table === 'heavy_prefixes_1mo') return sql`remote_prefix`;
  if (count <= MOST_RANGES) return null;
  const address = table === 'flows' ? rawAddress('remotePrefix') : storedAddress('remotePrefix');
  return sql`tupleElement(IPv6CIDRToRange(${address}, if(ip_version = 4, 120, 48)), 1)`;
}

/** Whether it is a /24 of IPv4 or a /48 of IPv6 that holds no IPv4. */
function isPrefix(network: Network): boolean {
  return network.bits === LONGEST.remotePrefix[network.version] && stretchesOf(network).length === 1;
}

/** As columns hold it: IPv4 within IPv6. */
function mapped(address: bigint): string {
  const printed = printAddress(address);
  return printed.includes(':') ? printed : `::ffff:${printed}`;
}

/**
 * Names are looked up in the reference tables, which stand whole on every node: over a Distributed table each shard answers for itself, and
 * nothing is sent around. The table of organisations has some 100,000 rows, read once a statement.
 */
const inNames: Record<TextDimension, (wanted: readonly string[]) => Sql> = {
  type: (wanted) => holds(sql`network_type`, wanted),
  region: (wanted) => holds(sql`region`, wanted),
  provider: (wanted) => holds(sql`provider`, wanted),
  metro: (wanted) => holds(sql`metro`, wanted),
  country: (wanted) => sql`country IN ${texts([...new Set(wanted.flatMap(countriesNamed))].sort())}`,
  asn: (wanted) => sql`remote_as IN (SELECT asn FROM as_names WHERE ${holds(sql`organisation`, wanted)})`,
  exporter: (wanted) =>
    sql`(${holds(sql`exporter`, wanted)} OR exporter IN (SELECT exporter FROM exporters WHERE ${holds(sql`name`, wanted)}))`,
};

function textCondition({ dimension, texts: wanted }: TextTerm): Sql {
  return inNames[dimension](wanted);
}

/** Whether a text of a column holds one of these, in any case. */
function holds(column: Sql, wanted: readonly string[]): Sql {
  return sql`multiSearchAnyCaseInsensitiveUTF8(${column}, ${texts(wanted)})`;
}

function anyOf(conditions: readonly Sql[]): Sql {
  const [only] = conditions;
  return only !== undefined && conditions.length === 1 ? only : sql`(${join(conditions, ' OR ')})`;
}
