import 'server-only';
import type { BucketName } from '@/lib/flows/buckets';
import type { Dimension } from '@/lib/flows/dimensions';
import { type Direction, directionsOf } from '@/lib/flows/direction';
import type { Filter, Filters } from '@/lib/flows/scope';
import type { Table } from '@/lib/flows/tables';
import { closedMap, join, NOTHING, type Sql, sql, text, texts, uint8s } from '@/lib/server/clickhouse/sql';

/** Tables by name; the database is the connection's. */
export const tableName = closedMap<Table>({
  flows: sql`flows`,
  traffic_5m: sql`traffic_5m`,
  traffic_1h: sql`traffic_1h`,
  links_5m: sql`links_5m`,
  uniques_1h: sql`uniques_1h`,
  uniques_1d: sql`uniques_1d`,
  uniques_1mo: sql`uniques_1mo`,
});

/** A dimension's expression over `flows`; rollups have columns of the same names. */
export const dimensionColumn = closedMap<Dimension>({
  type: sql`network_type`,
  region: sql`region`,
  direction: sql`direction`,
  ip: sql`ip_version`,
  linkKind: sql`link_kind`,
  provider: sql`provider`,
  exporter: sql`exporter`,
  interface: sql`interface`,
  asn: sql`remote_as`,
  country: sql`country`,
  metro: sql`metro`,
  protocol: sql`proto`,
  servicePort: sql`service_port`,
  remotePrefix: sql`remote_prefix`,
  remoteAddress: sql`remote_address`,
});

/** Dimensions that no column of `flows` holds as such. The service is at the lower of the two ports. */
const COMPUTED: Partial<Record<Dimension, Sql>> = {
  servicePort: sql`least(src_port, dst_port) AS service_port`,
  remotePrefix: sql`tupleElement(IPv6CIDRToRange(remote_ip, if(ip_version = 4, 120, 48)), 1) AS remote_prefix`,
};

/** What a SELECT over `flows` lists to have the dimension as a column. */
export function rawColumn(dimension: Dimension): Sql {
  return COMPUTED[dimension] ?? dimensionColumn(dimension);
}

export function columnList(dimensions: readonly Dimension[]): Sql {
  return join(dimensions.map(dimensionColumn), ', ');
}

const INTERVAL = closedMap<BucketName>({
  '1m': sql`INTERVAL 1 MINUTE`,
  '5m': sql`INTERVAL 5 MINUTE`,
  '15m': sql`INTERVAL 15 MINUTE`,
  '30m': sql`INTERVAL 30 MINUTE`,
  '1h': sql`INTERVAL 1 HOUR`,
  '2h': sql`INTERVAL 2 HOUR`,
  '4h': sql`INTERVAL 4 HOUR`,
  '6h': sql`INTERVAL 6 HOUR`,
  '12h': sql`INTERVAL 12 HOUR`,
  '1d': sql`INTERVAL 1 DAY`,
  '1w': sql`INTERVAL 1 WEEK`,
});

/** Start of the drawn bucket that holds the column `bucket`, as epoch seconds. Weeks and days come as dates, hence toDateTime. */
export function bucketExpression(name: BucketName, zone: string): Sql {
  return sql`toUnixTimestamp(toDateTime(toStartOfInterval(bucket, ${INTERVAL(name)}, ${text(zone)}), ${text(zone)}))`;
}

/** ` AND …` for directions and filters. Rollups hold all four directions; questions are about those that cross the boundary. */
export function conditions(direction: Direction, filters: Filters): Sql {
  return join(
    [
      sql`direction IN ${texts(directionsOf(direction))}`,
      ...filterOf(filters.region, (filter) => sql`region IN ${texts(filter.values)}`),
      ...filterOf(filters.type, (filter) => sql`network_type IN ${texts(filter.values)}`),
      ...filterOf(filters.ip, (filter) => sql`ip_version IN ${uint8s(filter.values.map(Number))}`),
    ],
    ' AND ',
  );
}

function filterOf<Value extends string>(
  filter: Filter<Value> | undefined,
  condition: (f: Filter<Value>) => Sql,
): Sql[] {
  if (!filter) return [];
  return [filter.exclude ? sql`NOT (${condition(filter)})` : condition(filter)];
}

/** Dimensions that the filters need. */
export function filterDimensions(filters: Filters): Dimension[] {
  return (['region', 'type', 'ip'] as const).filter((name) => filters[name] !== undefined);
}

export function andAlso(condition: Sql | null): Sql {
  return condition === null ? NOTHING : sql` AND ${condition}`;
}
