-- One record in, one row of flows out. bytes = bytes_raw x sampling_rate: an unknown rate (0) leaves the record out of every total.

CREATE TABLE IF NOT EXISTS {{local flows_landing}} {{on_cluster}}
(
    batch_key       UInt64,
    dedup_key       UInt64,
    ts_start        DateTime64(3, 'UTC'),
    duration_ms     UInt32,
    ts_recv         DateTime64(3, 'UTC') COMMENT 'equal to the end where the format has no receive time',
    exporter        String,
    obs_domain      UInt32,
    in_if           UInt32 COMMENT '0 = unknown',
    out_if          UInt32 COMMENT '0 = unknown',
    reported_direction Enum8('unknown' = 0, 'ingress' = 1, 'egress' = 2),
    src_ip          IPv6,
    dst_ip          IPv6,
    src_port        UInt16,
    dst_port        UInt16,
    proto           UInt8,
    tos             UInt8,
    tcp_flags       UInt8,
    src_as          UInt32 COMMENT 'as reported; 0 = unknown',
    dst_as          UInt32 COMMENT 'as reported; 0 = unknown',
    bytes_raw       UInt64 COMMENT 'L3 bytes as sampled, or scaled at the source when sampling_rate = 1',
    packets_raw     UInt64,
    sampling_rate   UInt32 COMMENT 'multiplier: 0 = unknown, 1 = unsampled or scaled at the source',
    source_format   LowCardinality(String),
    quality_flags   UInt32
)
ENGINE = Null;

{{distributed flows_landing cityHash64(exporter)}}

CREATE TABLE IF NOT EXISTS {{local flows}} {{on_cluster}}
(
    batch_key       UInt64 CODEC(Delta, ZSTD(1)),
    ts_start        DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    duration_ms     UInt32 CODEC(ZSTD(1)),
    ts_recv         DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String) CODEC(ZSTD(1)),
    obs_domain      UInt32 CODEC(ZSTD(1)),
    in_if           UInt32 CODEC(ZSTD(1)),
    out_if          UInt32 CODEC(ZSTD(1)),
    reported_direction Enum8('unknown' = 0, 'ingress' = 1, 'egress' = 2) CODEC(ZSTD(1)),
    src_ip          IPv6 CODEC(ZSTD(1)),
    dst_ip          IPv6 CODEC(ZSTD(1)),
    src_port        UInt16 CODEC(ZSTD(1)),
    dst_port        UInt16 CODEC(ZSTD(1)),
    proto           UInt8 CODEC(ZSTD(1)),
    tos             UInt8 CODEC(ZSTD(1)),
    tcp_flags       UInt8 CODEC(ZSTD(1)),
    src_as          UInt32 CODEC(ZSTD(1)),
    dst_as          UInt32 CODEC(ZSTD(1)),
    bytes_raw       UInt64 CODEC(ZSTD(1)),
    packets_raw     UInt64 CODEC(ZSTD(1)),
    sampling_rate   UInt32 CODEC(ZSTD(1)),
    source_format   LowCardinality(String) CODEC(ZSTD(1)),
    quality_flags   UInt32 CODEC(ZSTD(1)),
    region          LowCardinality(String) CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3) CODEC(ZSTD(1)),
    interface       UInt32 COMMENT 'the outer interface: in_if for ingress and transit, out_if otherwise' CODEC(ZSTD(1)),
    link_kind       LowCardinality(String) CODEC(ZSTD(1)),
    provider        LowCardinality(String) CODEC(ZSTD(1)),
    counted         UInt8 COMMENT '0 = seen on an internal interface, left out of every rollup' CODEC(ZSTD(1)),
    network_type    LowCardinality(String) CODEC(ZSTD(1)),
    taxonomy_version UInt16 CODEC(ZSTD(1)),
    remote_as       UInt32 CODEC(ZSTD(1)),
    country         LowCardinality(String) CODEC(ZSTD(1)),
    metro           LowCardinality(String) CODEC(ZSTD(1)),
    geo_version     UInt16 COMMENT '0 = the address table was not loaded when the record came' CODEC(ZSTD(1)),
    ts_end          DateTime64(3, 'UTC') ALIAS ts_start + toIntervalMillisecond(duration_ms),
    bytes           UInt64 ALIAS bytes_raw * sampling_rate,
    packets         UInt64 ALIAS packets_raw * sampling_rate,
    remote_ip       IPv6 ALIAS if(direction IN ('ingress', 'transit'), src_ip, dst_ip),
    local_ip        IPv6 ALIAS if(direction IN ('ingress', 'transit'), dst_ip, src_ip),
    ip_version      UInt8 ALIAS if(bitShiftRight(toUInt128(src_ip), 32) = 65535, 4, 6),
    remote_address  IPv6 ALIAS if(bitShiftRight(toUInt128(if(direction IN ('ingress', 'transit'), src_ip, dst_ip)), 32) = 65535, if(direction IN ('ingress', 'transit'), src_ip, dst_ip), tupleElement(IPv6CIDRToRange(if(direction IN ('ingress', 'transit'), src_ip, dst_ip), 64), 1))
)
ENGINE = {{engine MergeTree flows}}
PARTITION BY toYYYYMMDD(ts_start)
ORDER BY (toStartOfHour(ts_start), network_type, region, direction, remote_as, src_ip, dst_ip, ts_start)
SETTINGS non_replicated_deduplication_window = 100000;

{{distributed flows cityHash64(exporter)}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.flows_mv {{on_cluster}} TO {{local flows}} AS
WITH
    dictGetOrDefault('{{db}}.own_prefix_dict', 'is_local', src_ip, toUInt8(0)) AS src_local,
    dictGetOrDefault('{{db}}.own_prefix_dict', 'is_local', dst_ip, toUInt8(0)) AS dst_local,
    multiIf(src_local = 1 AND dst_local = 1, 'internal', dst_local = 1, 'ingress', src_local = 1, 'egress', 'transit') AS flow_direction,
    flow_direction IN ('ingress', 'transit') AS remote_is_src,
    if(remote_is_src, src_ip, dst_ip) AS remote,
    -- NAT64 (64:ff9b::/96) carries the IPv4 address in its last 32 bits.
    if(bitShiftRight(toUInt128(remote), 32) = 122099644659926101980610560, toIPv6(IPv4NumToString(toUInt32(bitAnd(toUInt128(remote), 4294967295)))), remote) AS lookup_ip,
    toDate(ts_start) AS day,
    if(remote_is_src, in_if, out_if) AS outer_if,
    dictGetOrDefault('{{db}}.link_dict', ('boundary', 'kind', 'provider', 'network_type'), (exporter, outer_if), day, ('unknown', 'unknown', '', '')) AS link,
    dictGetOrDefault('{{db}}.asn_dict', 'asn', lookup_ip, toUInt32(0)) AS table_as,
    if(table_as != 0, table_as, if(remote_is_src, src_as, dst_as)) AS remote_asn,
    dictGetOrDefault('{{db}}.prefix_id_dict', 'prefix_id', lookup_ip, toUInt64(0)) AS typed_prefix,
    if(typed_prefix = 0, '', dictGetOrDefault('{{db}}.prefix_type_dict', 'network_type', typed_prefix, day, '')) AS prefix_type,
    dictGetOrDefault('{{db}}.asn_type_dict', 'network_type', toUInt64(remote_asn), day, '') AS asn_type,
    dictGetOrDefault('{{db}}.geo_dict', ('country', 'metro'), lookup_ip, ('', '')) AS geo
SELECT
    batch_key, ts_start, duration_ms, toDateTime(ts_recv, 'UTC') AS ts_recv, exporter, obs_domain, in_if, out_if, reported_direction,
    src_ip, dst_ip, src_port, dst_port, proto, tos, tcp_flags, src_as, dst_as,
    bytes_raw, packets_raw, sampling_rate, source_format, quality_flags,
    dictGetOrDefault('{{db}}.exporter_dict', 'region', tuple(exporter), 'Unassigned') AS region,
    flow_direction AS direction,
    outer_if AS interface,
    link.2 AS link_kind,
    link.3 AS provider,
    toUInt8(link.1 != 'internal') AS counted,
    multiIf(link.4 != '', link.4, prefix_type != '', prefix_type, asn_type != '', asn_type, 'Unclassified') AS network_type,
    toUInt16(dictGetOrDefault('{{db}}.reference_version_dict', 'version', tuple('taxonomy'), toUInt32(0))) AS taxonomy_version,
    remote_asn AS remote_as,
    geo.1 AS country,
    geo.2 AS metro,
    toUInt16(dictGetOrDefault('{{db}}.reference_version_dict', 'version', tuple('geo'), toUInt32(0))) AS geo_version
FROM {{local flows_landing}};

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.ingest_keys_mv {{on_cluster}} TO {{local ingest_keys}} AS
SELECT now('UTC') AS inserted_at, batch_key, dedup_key
FROM {{local flows_landing}}
WHERE dedup_key != 0;
