-- Where traffic comes from and goes to, and what it is: by ASN, by country and metro, by protocol and service port. Hours for edges and for
-- p95 of hourly means, days for long ranges.

CREATE TABLE IF NOT EXISTS {{local asns_1h}} {{on_cluster}}
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
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree asns_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, remote_as, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed asns_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.asns_1h_mv {{on_cluster}} TO {{local asns_1h}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT bucket, remote_as, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local flows_by_hour}}
GROUP BY bucket, remote_as, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local asns_1d}} {{on_cluster}}
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
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree asns_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, remote_as, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed asns_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.asns_1d_mv {{on_cluster}} TO {{local asns_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, remote_as, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local asns_1h}}
GROUP BY bucket, remote_as, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local places_1h}} {{on_cluster}}
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
    unplaced_records SimpleAggregateFunction(sum, UInt64) COMMENT 'records that came before the address table: made again once they have a place' CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree places_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, country, metro, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed places_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.places_1h_mv {{on_cluster}} TO {{local places_1h}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT bucket, country, metro, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets, sum(unplaced_records) AS unplaced_records
FROM {{local flows_by_hour}}
GROUP BY bucket, country, metro, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local places_1d}} {{on_cluster}}
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
    unplaced_records SimpleAggregateFunction(sum, UInt64) COMMENT 'records that came before the address table: made again once they have a place' CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree places_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, country, metro, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed places_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.places_1d_mv {{on_cluster}} TO {{local places_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, country, metro, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets, sum(unplaced_records) AS unplaced_records
FROM {{local places_1h}}
GROUP BY bucket, country, metro, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local services_1h}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    proto           UInt8,
    service_port    UInt16 CODEC(ZSTD(1)),
    network_type    LowCardinality(String),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree services_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, proto, service_port, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed services_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.services_1h_mv {{on_cluster}} TO {{local services_1h}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT bucket, proto, service_port, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local flows_by_hour}}
GROUP BY bucket, proto, service_port, network_type, region, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local services_1d}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    proto           UInt8,
    service_port    UInt16 CODEC(ZSTD(1)),
    network_type    LowCardinality(String),
    region          LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree services_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, proto, service_port, network_type, region, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed services_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.services_1d_mv {{on_cluster}} TO {{local services_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, proto, service_port, network_type, region, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local services_1h}}
GROUP BY bucket, proto, service_port, network_type, region, direction, ip_version;
