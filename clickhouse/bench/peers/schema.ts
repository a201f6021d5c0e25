import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../../demo/target';

/**
 * Columns of the wide peer beside its time and its sums: what open tools keep in their rollups. Everything is a key, since a sum-only
 * table would else keep any one of the values.
 */
const WIDE_KEYS = [
  'exporter',
  'etype',
  'proto',
  'in_if_name',
  'src_as',
  'out_if_name',
  'dst_as',
  'sampling_rate',
  'direction',
  'counted',
  'exporter_name',
  'exporter_region',
  'src_net_name',
  'dst_net_name',
  'src_country',
  'dst_country',
  'src_city',
  'dst_city',
  'src_net_type',
  'dst_net_type',
  'in_if_kind',
  'out_if_kind',
  'in_if_provider',
  'out_if_provider',
  'in_if_boundary',
  'out_if_boundary',
  'in_if_speed',
  'out_if_speed',
  'source_format',
] as const;

const COLUMNS: Record<(typeof WIDE_KEYS)[number], string> = {
  exporter: 'LowCardinality(String)',
  etype: 'UInt16',
  proto: 'UInt8',
  in_if_name: 'LowCardinality(String)',
  src_as: 'UInt32',
  out_if_name: 'LowCardinality(String)',
  dst_as: 'UInt32',
  sampling_rate: 'UInt32',
  direction: 'LowCardinality(String)',
  counted: 'UInt8',
  exporter_name: 'LowCardinality(String)',
  exporter_region: 'LowCardinality(String)',
  src_net_name: 'LowCardinality(String)',
  dst_net_name: 'LowCardinality(String)',
  src_country: 'LowCardinality(String)',
  dst_country: 'LowCardinality(String)',
  src_city: 'LowCardinality(String)',
  dst_city: 'LowCardinality(String)',
  src_net_type: 'LowCardinality(String)',
  dst_net_type: 'LowCardinality(String)',
  in_if_kind: 'LowCardinality(String)',
  out_if_kind: 'LowCardinality(String)',
  in_if_provider: 'LowCardinality(String)',
  out_if_provider: 'LowCardinality(String)',
  in_if_boundary: 'LowCardinality(String)',
  out_if_boundary: 'LowCardinality(String)',
  in_if_speed: 'UInt64',
  out_if_speed: 'UInt64',
  source_format: 'LowCardinality(String)',
};

/** Tables of one set of peers; `prefix` keeps those that are measured at insert apart from those that are asked. */
export function peerTables(prefix: 'peer' | 'peer_ingest') {
  return {
    /** takes enriched records, keeps none */
    enriched: `${prefix}_enriched`,
    raw: `${prefix}_raw`,
    wide5m: `${prefix}_wide_5m`,
    wide1h: `${prefix}_wide_1h`,
  };
}

/** Makes the two peers, empty: raw records as such tools keep them, and the wide sums of five minutes and an hour. */
export async function createPeers(client: ClickHouseClient, prefix: 'peer' | 'peer_ingest'): Promise<void> {
  const tables = peerTables(prefix);
  await dropPeers(client, prefix);
  const keys = WIDE_KEYS.map((key) => `${key} ${COLUMNS[key]}`).join(', ');
  const wide = (
    table: string,
  ) => `CREATE TABLE ${table} (time DateTime('UTC') CODEC(DoubleDelta, LZ4), ${keys}, bytes UInt64, packets UInt64, flows UInt64)
    ENGINE = SummingMergeTree((bytes, packets, flows)) PARTITION BY toYYYYMM(time)
    PRIMARY KEY (time, exporter, etype, proto) ORDER BY (time, ${WIDE_KEYS.join(', ')})`;
  const view = (
    table: string,
    interval: string,
  ) => `CREATE MATERIALIZED VIEW ${table}_mv TO ${table} DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
    SELECT toStartOfInterval(time, INTERVAL ${interval}, 'UTC') AS time, ${WIDE_KEYS.join(', ')}, bytes, packets, flows FROM ${tables.raw}`;
  for (const query of [
    `CREATE TABLE ${tables.enriched} AS flows ENGINE = Null`,
    `CREATE TABLE ${tables.raw} (time DateTime('UTC') CODEC(DoubleDelta, LZ4), start_ms DateTime64(3, 'UTC'), duration_ms UInt32, ${keys},
      src_addr IPv6, dst_addr IPv6, src_port UInt16, dst_port UInt16, tos UInt8, tcp_flags UInt8, bytes UInt64, packets UInt64, flows UInt64)
     ENGINE = MergeTree PARTITION BY toYYYYMMDD(time) ORDER BY (toStartOfFiveMinutes(time), exporter, in_if_name, out_if_name)`,
    wide(tables.wide5m),
    wide(tables.wide1h),
    view(tables.wide5m, '5 MINUTE'),
    view(tables.wide1h, '1 HOUR'),
    `CREATE MATERIALIZED VIEW ${tables.raw}_mv TO ${tables.raw} DEFINER = CURRENT_USER SQL SECURITY DEFINER AS ${rawSelect(await database(client), tables.enriched)}`,
  ]) {
    await client.command({ query });
  }
}

async function database(client: ClickHouseClient): Promise<string> {
  const [row] = await select<{ name: string }>(client, 'SELECT currentDatabase() AS name');
  return row?.name ?? 'default';
}

/** An enriched record of ours as the wide tools call its fields; what we keep of the remote end stands at the end it belongs to. */
function rawSelect(db: string, from: string): string {
  const link = (attribute: string, type: string, side: string) =>
    `dictGetOrDefault('${db}.link_dict', '${attribute}', (toString(exporter), ${side}), toDate(ts_start), ${type})`;
  const sides = (name: string, attribute: string, none: string) =>
    `${link(attribute, none, 'in_if')} AS in_if_${name}, ${link(attribute, none, 'out_if')} AS out_if_${name}`;
  const remote = (name: string, column: string, ours: string) =>
    `if(remote_is_src, ${column}, ${ours}) AS src_${name}, if(remote_is_src, ${ours}, ${column}) AS dst_${name}`;
  return `WITH direction IN ('ingress', 'transit') AS remote_is_src
    SELECT toDateTime(ts_start, 'UTC') AS time, ts_start AS start_ms, duration_ms, exporter, toUInt16(if(bitShiftRight(toUInt128(src_ip), 32) = 65535, 2048, 34525)) AS etype, proto,
    concat('if', toString(in_if)) AS in_if_name, src_as, concat('if', toString(out_if)) AS out_if_name, dst_as, sampling_rate, toString(direction) AS direction, counted,
    dictGetOrDefault('${db}.exporter_dict', 'name', tuple(toString(exporter)), '') AS exporter_name, region AS exporter_region,
    ${remote('net_name', `dictGetOrDefault('${db}.as_name_dict', 'organisation', toUInt64(remote_as), '')`, "'own network'")},
    ${remote('country', 'toString(country)', "''")}, ${remote('city', 'toString(metro)', "''")}, ${remote('net_type', 'toString(network_type)', "''")},
    ${sides('kind', 'kind', "'unknown'")}, ${sides('provider', 'provider', "''")}, ${sides('boundary', 'boundary', "'unknown'")}, ${sides('speed', 'speed_bps', 'toUInt64(0)')},
    source_format, src_ip AS src_addr, dst_ip AS dst_addr, src_port, dst_port, tos, tcp_flags, bytes_raw * sampling_rate AS bytes, packets_raw * sampling_rate AS packets, toUInt64(1) AS flows
    FROM ${from}`;
}

export async function dropPeers(client: ClickHouseClient, prefix: 'peer' | 'peer_ingest'): Promise<void> {
  const { enriched, raw, wide5m, wide1h } = peerTables(prefix);
  for (const table of [`${raw}_mv`, `${wide5m}_mv`, `${wide1h}_mv`, enriched, raw, wide5m, wide1h]) {
    await client.command({ query: `DROP TABLE IF EXISTS ${table} SYNC` });
  }
}
