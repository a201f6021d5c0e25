-- Additive rollups. A record is spread over the slots it overlaps: slot i gets floor(total x cumulative overlap / duration)
-- minus what earlier slots got, so the slots of a record add up to the record (metrics: spreading).

CREATE TABLE IF NOT EXISTS {{local traffic_5m}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) COMMENT 'packets really seen, of records with a rate above 1; counted in the slot of the start' CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree traffic_5m}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed traffic_5m rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.traffic_5m_mv {{on_cluster}} TO {{local traffic_5m}} AS
SELECT
    toDateTime(slot.1 * 300, 'UTC') AS bucket,
    region, network_type, direction, ip_version,
    sum(slot.2) AS bytes,
    sum(slot.3) AS packets,
    sum(slot.4) AS flow_records,
    sum(if(sampling_rate > 1, packets_raw * slot.4, 0)) AS sampled_packets
FROM
(
    WITH
        toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
        start_ms + duration_ms AS end_ms,
        intDiv(start_ms, 300000) AS first_slot,
        toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), 300000) + 1 - first_slot) AS slots,
        bytes_raw * sampling_rate AS total_bytes,
        packets_raw * sampling_rate AS total_packets,
        bitShiftRight(toUInt128(src_ip), 32) = 65535 AS is_v4,
        greatest(duration_ms, 1) AS divisor
    SELECT
        region, network_type, direction, toUInt8(if(is_v4, 4, 6)) AS ip_version, sampling_rate, packets_raw,
        arrayJoin(if(slots = 1,
            [(first_slot, total_bytes, total_packets, toUInt8(1))],
            arrayMap(i -> (
                first_slot + i,
                toUInt64(if(i + 1 = slots, total_bytes, toUInt64(intDiv(toUInt128(total_bytes) * ((first_slot + i + 1) * 300000 - start_ms), divisor)))
                    - if(i = 0, 0, toUInt64(intDiv(toUInt128(total_bytes) * ((first_slot + i) * 300000 - start_ms), divisor)))),
                toUInt64(if(i + 1 = slots, total_packets, toUInt64(intDiv(toUInt128(total_packets) * ((first_slot + i + 1) * 300000 - start_ms), divisor)))
                    - if(i = 0, 0, toUInt64(intDiv(toUInt128(total_packets) * ((first_slot + i) * 300000 - start_ms), divisor)))),
                toUInt8(i = 0)), range(slots)))) AS slot
    FROM {{local flows}}
    WHERE counted = 1
)
GROUP BY bucket, region, network_type, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local traffic_1h}} {{on_cluster}}
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
ENGINE = {{engine AggregatingMergeTree traffic_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed traffic_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.traffic_1h_mv {{on_cluster}} TO {{local traffic_1h}} AS
SELECT toStartOfHour(bucket) AS bucket, region, network_type, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local traffic_5m}}
GROUP BY bucket, region, network_type, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local links_5m}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String),
    interface       UInt32,
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    region          LowCardinality(String),
    link_kind       LowCardinality(String),
    provider        LowCardinality(String),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    unknown_rate_records SimpleAggregateFunction(sum, UInt64) COMMENT 'records whose sampling rate nobody knows: in flow_records, not in bytes or packets' CODEC(ZSTD(1)),
    last_recv       SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = {{engine AggregatingMergeTree links_5m}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, exporter, interface, direction, ip_version, region, link_kind, provider)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed links_5m rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.links_5m_mv {{on_cluster}} TO {{local links_5m}} AS
SELECT
    toDateTime(slot.1 * 300, 'UTC') AS bucket,
    exporter, interface, direction, ip_version, region, link_kind, provider,
    sum(slot.2) AS bytes,
    sum(slot.3) AS packets,
    sum(slot.4) AS flow_records,
    sum(if(sampling_rate > 1, packets_raw * slot.4, 0)) AS sampled_packets,
    sum(if(sampling_rate = 0, slot.4, 0)) AS unknown_rate_records,
    max(ts_recv) AS last_recv
FROM
(
    WITH
        toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
        start_ms + duration_ms AS end_ms,
        intDiv(start_ms, 300000) AS first_slot,
        toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), 300000) + 1 - first_slot) AS slots,
        bytes_raw * sampling_rate AS total_bytes,
        packets_raw * sampling_rate AS total_packets,
        bitShiftRight(toUInt128(src_ip), 32) = 65535 AS is_v4,
        greatest(duration_ms, 1) AS divisor
    SELECT
        exporter, interface, direction, toUInt8(if(is_v4, 4, 6)) AS ip_version, region, link_kind, provider, ts_recv, sampling_rate, packets_raw,
        arrayJoin(if(slots = 1,
            [(first_slot, total_bytes, total_packets, toUInt8(1))],
            arrayMap(i -> (
                first_slot + i,
                toUInt64(if(i + 1 = slots, total_bytes, toUInt64(intDiv(toUInt128(total_bytes) * ((first_slot + i + 1) * 300000 - start_ms), divisor)))
                    - if(i = 0, 0, toUInt64(intDiv(toUInt128(total_bytes) * ((first_slot + i) * 300000 - start_ms), divisor)))),
                toUInt64(if(i + 1 = slots, total_packets, toUInt64(intDiv(toUInt128(total_packets) * ((first_slot + i + 1) * 300000 - start_ms), divisor)))
                    - if(i = 0, 0, toUInt64(intDiv(toUInt128(total_packets) * ((first_slot + i) * 300000 - start_ms), divisor)))),
                toUInt8(i = 0)), range(slots)))) AS slot
    FROM {{local flows}}
    WHERE counted = 1
)
GROUP BY bucket, exporter, interface, direction, ip_version, region, link_kind, provider;

-- Which exporter sent anything in which five minutes: coverage, watermark, covered seconds.
CREATE TABLE IF NOT EXISTS {{local coverage_5m}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String),
    region          LowCardinality(String),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    unknown_rate_records SimpleAggregateFunction(sum, UInt64) COMMENT 'records whose sampling rate nobody knows: in flow_records, not in bytes or packets' CODEC(ZSTD(1)),
    last_recv       SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = {{engine AggregatingMergeTree coverage_5m}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, exporter, region)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed coverage_5m rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.coverage_5m_mv {{on_cluster}} TO {{local coverage_5m}} AS
SELECT bucket, exporter, region, sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(unknown_rate_records) AS unknown_rate_records, max(last_recv) AS last_recv
FROM {{local links_5m}}
GROUP BY bucket, exporter, region;
