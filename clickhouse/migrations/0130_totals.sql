-- What is asked about everything together, and which slots an exporter covered. Each is made from the next finer table.

CREATE TABLE IF NOT EXISTS {{local totals_5m}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    sampled_packets SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree totals_5m}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, direction)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed totals_5m rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.totals_5m_mv {{on_cluster}} TO {{local totals_5m}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT bucket, direction, sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, sum(sampled_packets) AS sampled_packets
FROM {{local types_5m}}
GROUP BY bucket, direction;

-- A UTC day has 288 slots of five minutes: two masks of 144, since no integer has 288 bits.
CREATE TABLE IF NOT EXISTS {{local coverage_1d}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String),
    region          LowCardinality(String),
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    early           SimpleAggregateFunction(groupBitOr, UInt256) COMMENT 'bit i is set where the exporter sent something in slot i of the UTC day, 0 to 143' CODEC(ZSTD(1)),
    late            SimpleAggregateFunction(groupBitOr, UInt256) COMMENT 'bit i is set where it did in slot 144 + i' CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree coverage_1d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, exporter, region)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed coverage_1d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.coverage_1d_mv {{on_cluster}} TO {{local coverage_1d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT day AS bucket, exporter, region, sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records,
    groupBitOr(bitShiftLeft(toUInt256(slot < 144), slot % 144)) AS early,
    groupBitOr(bitShiftLeft(toUInt256(slot >= 144), slot % 144)) AS late
FROM
(
    SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS day, toUInt16(intDiv(toUnixTimestamp(bucket) % 86400, 300)) AS slot, exporter, region, bytes, packets, flow_records
    FROM {{local coverage_5m}}
)
GROUP BY day, exporter, region;

-- Where flows were stored before, these begin tomorrow until reconcile has made them from raw flows (see 0075).
INSERT INTO {{db}}.rollup_starts (table_name, complete_from, set_at)
SELECT arrayJoin(['totals_5m', 'coverage_1d']) AS table_name, toStartOfDay(now('UTC')) + INTERVAL 1 DAY AS complete_from, now64(3, 'UTC') AS set_at
WHERE (SELECT count() FROM {{db}}.coverage_5m) > 0;
