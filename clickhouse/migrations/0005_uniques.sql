-- Distinct remote addresses as 17-bit HyperLogLog states (error about 0.25 %), by UTC hour, day and month. Days and months are
-- merged from the hours. An address counts in every hour its record touches.

CREATE TABLE IF NOT EXISTS {{local uniques_1h}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    addresses       AggregateFunction(uniqCombined64(17), IPv6) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree uniques_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed uniques_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.uniques_1h_mv {{on_cluster}} TO {{local uniques_1h}} AS
SELECT
    toDateTime(slot.1 * 3600, 'UTC') AS bucket,
    region, network_type, direction, ip_version,
    sum(slot.2) AS bytes,
    sum(slot.3) AS packets,
    sum(slot.4) AS flow_records,
    uniqCombined64State(17)(remote_address) AS addresses
FROM
(
    WITH
        toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
        start_ms + duration_ms AS end_ms,
        intDiv(start_ms, 3600000) AS first_slot,
        toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), 3600000) + 1 - first_slot) AS slots,
        bytes_raw * sampling_rate AS total_bytes,
        packets_raw * sampling_rate AS total_packets,
        bitShiftRight(toUInt128(src_ip), 32) = 65535 AS is_v4,
        if(direction IN ('ingress', 'transit'), src_ip, dst_ip) AS remote,
        greatest(duration_ms, 1) AS divisor
    SELECT
        region, network_type, direction, toUInt8(if(is_v4, 4, 6)) AS ip_version, if(is_v4, remote, tupleElement(IPv6CIDRToRange(remote, 64), 1)) AS remote_address, sampling_rate,
        arrayJoin(if(slots = 1,
            [(first_slot, total_bytes, total_packets, toUInt8(1))],
            arrayMap(i -> (
                first_slot + i,
                toUInt64(if(i + 1 = slots, total_bytes, toUInt64(intDiv(toUInt128(total_bytes) * ((first_slot + i + 1) * 3600000 - start_ms), divisor)))
                    - if(i = 0, 0, toUInt64(intDiv(toUInt128(total_bytes) * ((first_slot + i) * 3600000 - start_ms), divisor)))),
                toUInt64(if(i + 1 = slots, total_packets, toUInt64(intDiv(toUInt128(total_packets) * ((first_slot + i + 1) * 3600000 - start_ms), divisor)))
                    - if(i = 0, 0, toUInt64(intDiv(toUInt128(total_packets) * ((first_slot + i) * 3600000 - start_ms), divisor)))),
                toUInt8(i = 0)), range(slots)))) AS slot
    FROM {{local flows}}
    WHERE counted = 1
)
GROUP BY bucket, region, network_type, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local uniques_1d}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    addresses       AggregateFunction(uniqCombined64(17), IPv6) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree uniques_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed uniques_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.uniques_1d_mv {{on_cluster}} TO {{local uniques_1d}} AS
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, region, network_type, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, uniqCombined64MergeState(17)(addresses) AS addresses
FROM {{local uniques_1h}}
GROUP BY bucket, region, network_type, direction, ip_version;

CREATE TABLE IF NOT EXISTS {{local uniques_1mo}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    addresses       AggregateFunction(uniqCombined64(17), IPv6) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree uniques_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed uniques_1mo rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.uniques_1mo_mv {{on_cluster}} TO {{local uniques_1mo}} AS
SELECT toDateTime(toStartOfMonth(bucket, 'UTC'), 'UTC') AS bucket, region, network_type, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, uniqCombined64MergeState(17)(addresses) AS addresses
FROM {{local uniques_1d}}
GROUP BY bucket, region, network_type, direction, ip_version;
