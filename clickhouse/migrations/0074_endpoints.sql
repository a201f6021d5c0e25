-- Single addresses and pairs of them by UTC day, as long as raw flows. Distinct addresses by ASN, country and metro are counted from them:
-- as they are while they are kept, as 17-bit states by month for ever.

CREATE TABLE IF NOT EXISTS {{local endpoints_1d}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    remote_address  IPv6 CODEC(ZSTD(1)),
    network_type    LowCardinality(String),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    remote_as       UInt32 CODEC(ZSTD(1)),
    country         LowCardinality(String),
    metro           LowCardinality(String),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    unplaced_records SimpleAggregateFunction(sum, UInt64) COMMENT 'records that came before the address table: made again once they have a place' CODEC(ZSTD(1)),
    hours           SimpleAggregateFunction(groupBitOr, UInt32) COMMENT 'bit h is set where the hour h of the UTC day is touched' CODEC(ZSTD(1)),
    first_seen      SimpleAggregateFunction(min, DateTime('UTC')) CODEC(ZSTD(1)),
    last_seen       SimpleAggregateFunction(max, DateTime('UTC')) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree endpoints_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, remote_address, network_type, region, direction, remote_as, country, metro, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed endpoints_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.endpoints_1d_mv {{on_cluster}} TO {{local endpoints_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT day AS bucket, remote_address, network_type, region, direction, remote_as, country, metro, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets, sum(unplaced_records) AS unplaced_records,
    groupBitOr(hour_bit) AS hours, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM
(
    SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS day, bitShiftLeft(toUInt32(1), toHour(bucket, 'UTC')) AS hour_bit, *
    FROM {{local flows_by_hour}}
)
GROUP BY day, remote_address, network_type, region, direction, remote_as, country, metro, ip_version;

CREATE TABLE IF NOT EXISTS {{local pairs_1d}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    remote_address  IPv6 CODEC(ZSTD(1)),
    local_address   IPv6 CODEC(ZSTD(1)),
    network_type    LowCardinality(String),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    hours           SimpleAggregateFunction(groupBitOr, UInt32) COMMENT 'bit h is set where the hour h of the UTC day is touched' CODEC(ZSTD(1)),
    first_seen      SimpleAggregateFunction(min, DateTime('UTC')) CODEC(ZSTD(1)),
    last_seen       SimpleAggregateFunction(max, DateTime('UTC')) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree pairs_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, remote_address, local_address, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed pairs_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.pairs_1d_mv {{on_cluster}} TO {{local pairs_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT day AS bucket, remote_address, local_address, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets,
    groupBitOr(hour_bit) AS hours, min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM
(
    SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS day, bitShiftLeft(toUInt32(1), toHour(bucket, 'UTC')) AS hour_bit, *
    FROM {{local flows_by_hour}}
)
GROUP BY day, remote_address, local_address, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local uniques_asn_1mo}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    remote_as       UInt32 CODEC(ZSTD(1)),
    network_type    LowCardinality(String),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    addresses       AggregateFunction(uniqCombined64(17), IPv6) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree uniques_asn_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, remote_as, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed uniques_asn_1mo rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.uniques_asn_1mo_mv {{on_cluster}} TO {{local uniques_asn_1mo}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC') AS bucket, remote_as, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets,
    uniqCombined64State(17)(remote_address) AS addresses
FROM {{local endpoints_1d}}
GROUP BY bucket, remote_as, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local uniques_place_1mo}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    country         LowCardinality(String),
    metro           LowCardinality(String),
    network_type    LowCardinality(String),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    unplaced_records SimpleAggregateFunction(sum, UInt64) COMMENT 'records that came before the address table: made again once they have a place' CODEC(ZSTD(1)),
    addresses       AggregateFunction(uniqCombined64(17), IPv6) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree uniques_place_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, country, metro, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed uniques_place_1mo rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.uniques_place_1mo_mv {{on_cluster}} TO {{local uniques_place_1mo}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC') AS bucket, country, metro, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets, sum(unplaced_records) AS unplaced_records,
    uniqCombined64State(17)(remote_address) AS addresses
FROM {{local endpoints_1d}}
GROUP BY bucket, country, metro, network_type, region, direction, ip_version;
