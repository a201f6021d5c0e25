import 'server-only';
import type { BucketName } from '@/lib/flows/buckets';
import type { Dimension } from '@/lib/flows/dimensions';
import { type Direction, directionsOf } from '@/lib/flows/direction';
import { dimensionsOf, type Filters } from '@/lib/flows/filter/filter';
import type { Table } from '@/lib/flows/tables';
import { closedMap, join, NOTHING, type Sql, sql, text, texts } from '@/lib/server/clickhouse/sql';
import { filterConditions, RAW_SERVICE_PORT } from './filterSql';

/** Tables by name; the database is the connection's. */
export const tableName = closedMap<Table>({
  flows: sql`flows`,
  totals_5m: sql`totals_5m`,
  regions_5m: sql`regions_5m`,
  types_5m: sql`types_5m`,
  traffic_5m: sql`traffic_5m`,
  links_5m: sql`links_5m`,
  types_1h: sql`types_1h`,
  traffic_1h: sql`traffic_1h`,
  links_1h: sql`links_1h`,
  services_1h: sql`services_1h`,
  places_1h: sql`places_1h`,
  asns_1h: sql`asns_1h`,
  traffic_1d: sql`traffic_1d`,
  services_1d: sql`services_1d`,
  places_1d: sql`places_1d`,
  asns_1d: sql`asns_1d`,
  endpoints_1d: sql`endpoints_1d`,
  pairs_1d: sql`pairs_1d`,
  uniques_1h: sql`uniques_1h`,
  uniques_1d: sql`uniques_1d`,
  uniques_10d: sql`uniques_10d`,
  uniques_1mo: sql`uniques_1mo`,
  uniques_asn_1mo: sql`uniques_asn_1mo`,
  uniques_place_1mo: sql`uniques_place_1mo`,
  heavy_addresses_1mo: sql`heavy_addresses_1mo`,
  heavy_locals_1mo: sql`heavy_locals_1mo`,
  heavy_pairs_1mo: sql`heavy_pairs_1mo`,
  heavy_prefixes_1mo: sql`heavy_prefixes_1mo`,
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
  localAddress: sql`local_address`,
});

/** Dimensions that no column of `flows` holds as such; service ports and addresses as the view flows_by_hour_mv has them. */
const COMPUTED: Partial<Record<Dimension, Sql>> = {
  servicePort: sql`${RAW_SERVICE_PORT} AS service_port`,
  remotePrefix: sql`tupleElement(IPv6CIDRToRange(remote_ip, if(ip_version = 4, 120, 48)), 1) AS remote_prefix`,
  localAddress: sql`if(ip_version = 4, local_ip, tupleElement(IPv6CIDRToRange(local_ip, 64), 1)) AS local_address`,
};

/** What a SELECT over `flows` lists to have the dimension as a column. */
export function rawColumn(dimension: Dimension): Sql {
  return COMPUTED[dimension] ?? dimensionColumn(dimension);
}

/** What a SELECT over a rollup lists to have the dimension as a column: rollups of addresses hold their prefixes by the address, lists of prefixes as such. */
export function storedColumn(dimension: Dimension, table: Table): Sql {
  return dimension === 'remotePrefix' && table !== 'heavy_prefixes_1mo'
    ? sql`tupleElement(IPv6CIDRToRange(remote_address, if(ip_version = 4, 120, 48)), 1) AS remote_prefix`
    : dimensionColumn(dimension);
}

export function columnList(dimensions: readonly Dimension[]): Sql {
  return join(dimensions.map(dimensionColumn), ', ');
}

/** A list of columns that others follow. */
export function withComma(list: Sql): Sql {
  return list.pieces.length === 0 ? list : sql`${list}, `;
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
  '1mo': sql`INTERVAL 1 MONTH`,
});

/** Start of the drawn bucket that holds the column `bucket`, as epoch seconds. Weeks and days come as dates, hence toDateTime. */
export function bucketExpression(name: BucketName, zone: string): Sql {
  return sql`toUnixTimestamp(toDateTime(toStartOfInterval(bucket, ${INTERVAL(name)}, ${text(zone)}), ${text(zone)}))`;
}

/**
 * ` AND …` for directions and filters, on rows of a table: raw flows and rollups have different columns. Rollups hold all four directions;
 * questions are about those that cross the boundary.
 */
export function conditions(direction: Direction, filters: Filters, table: Table): Sql {
  return join(
    [sql`direction IN ${texts(directionsOf(direction))}`, ...filterConditions(filters, table)],
    ' AND ',
  );
}

/** Dimensions that a table must hold to be filtered so. */
export function filterDimensions(filters: Filters): Dimension[] {
  return dimensionsOf(filters);
}

export function andAlso(condition: Sql | null): Sql {
  return condition === null ? NOTHING : sql` AND ${condition}`;
}
