-- Narrow copies of traffic_5m and links_5m, each made from the next finer one. Over a quarter a p95 reads 26,000 slots whatever the table
-- is: what costs is the rows of a slot.

CREATE TABLE IF NOT EXISTS {{local types_5m}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree types_5m}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, network_type, direction)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed types_5m rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.types_5m_mv {{on_cluster}} TO {{local types_5m}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT bucket, network_type, direction,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local traffic_5m}}
GROUP BY bucket, network_type, direction;

CREATE TABLE IF NOT EXISTS {{local types_1h}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree types_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, network_type, direction)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed types_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.types_1h_mv {{on_cluster}} TO {{local types_1h}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toStartOfHour(bucket) AS bucket, network_type, direction,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local types_5m}}
GROUP BY bucket, network_type, direction;

CREATE TABLE IF NOT EXISTS {{local regions_5m}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree regions_5m}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, direction)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed regions_5m rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.regions_5m_mv {{on_cluster}} TO {{local regions_5m}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT bucket, region, direction,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local traffic_5m}}
GROUP BY bucket, region, direction;

CREATE TABLE IF NOT EXISTS {{local traffic_1d}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree traffic_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed traffic_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.traffic_1d_mv {{on_cluster}} TO {{local traffic_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, region, network_type, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local traffic_1h}}
GROUP BY bucket, region, network_type, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local links_1h}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String),
    interface       UInt32 CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    region          LowCardinality(String),
    link_kind       LowCardinality(String),
    provider        LowCardinality(String),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree links_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, exporter, interface, direction, ip_version, region, link_kind, provider)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed links_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.links_1h_mv {{on_cluster}} TO {{local links_1h}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toStartOfHour(bucket) AS bucket, exporter, interface, direction, ip_version, region, link_kind, provider,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local links_5m}}
GROUP BY bucket, exporter, interface, direction, ip_version, region, link_kind, provider;
