-- Distinct addresses of thirds of UTC months (days 1 to 10, 11 to 20, 21 to the end): the edges of a quarter that begins anywhere took up to 60 single days.

CREATE TABLE IF NOT EXISTS {{local uniques_10d}} {{on_cluster}}
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
ENGINE = {{engine AggregatingMergeTree uniques_10d}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, direction, ip_version)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed uniques_10d rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.uniques_10d_mv {{on_cluster}} TO {{local uniques_10d}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT third AS bucket, region, network_type, direction, ip_version,
    sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records, uniqCombined64MergeState(17)(addresses) AS addresses
FROM
(
    SELECT toDateTime(toStartOfMonth(bucket, 'UTC') + toIntervalDay(10 * least(intDiv(toDayOfMonth(bucket, 'UTC') - 1, 10), 2)), 'UTC') AS third,
        region, network_type, direction, ip_version, bytes, packets, flow_records, addresses
    FROM {{local uniques_1d}}
)
GROUP BY third, region, network_type, direction, ip_version;

-- Where flows were stored before, it begins tomorrow until reconcile has made it from days (see 0075).
INSERT INTO {{db}}.rollup_starts (table_name, complete_from, set_at)
SELECT 'uniques_10d' AS table_name, toStartOfDay(now('UTC')) + INTERVAL 1 DAY AS complete_from, now64(3, 'UTC') AS set_at
WHERE (SELECT count() FROM {{db}}.coverage_5m) > 0;
