-- Who carried the traffic of a closed month: the heaviest remote addresses and pairs of each region and type, and one exact row for all
-- others. Written when the month closes, from endpoints_1d and pairs_1d, which are then free to go. On a cluster every node holds every row.

CREATE TABLE IF NOT EXISTS {{db}}.heavy_addresses_1mo {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'the UTC month' CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together in the month, region and type; 0 = all others together' CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    remote_address  IPv6 CODEC(ZSTD(1)),
    remote_as       UInt32 CODEC(ZSTD(1)),
    country         LowCardinality(String),
    metro           LowCardinality(String),
    bytes           UInt128 CODEC(ZSTD(1)),
    packets         UInt128 CODEC(ZSTD(1)),
    flow_records    UInt64 CODEC(ZSTD(1)),
    sampled_packets UInt64 CODEC(ZSTD(1)),
    others          UInt64 COMMENT 'how many others a row of rank 0 stands for, else 0' CODEC(ZSTD(1)),
    active_days     UInt8 COMMENT 'UTC days of the month with traffic',
    active_hours    UInt16 COMMENT 'UTC hours of the month with traffic' CODEC(ZSTD(1)),
    first_seen      DateTime('UTC') CODEC(ZSTD(1)),
    last_seen       DateTime('UTC') CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_addresses_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, rank, direction);

CREATE TABLE IF NOT EXISTS {{db}}.heavy_pairs_1mo {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'the UTC month' CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together in the month, region and type; 0 = all others together' CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    remote_address  IPv6 CODEC(ZSTD(1)),
    local_address   IPv6 CODEC(ZSTD(1)),
    bytes           UInt128 CODEC(ZSTD(1)),
    packets         UInt128 CODEC(ZSTD(1)),
    flow_records    UInt64 CODEC(ZSTD(1)),
    sampled_packets UInt64 CODEC(ZSTD(1)),
    others          UInt64 COMMENT 'how many others a row of rank 0 stands for, else 0' CODEC(ZSTD(1)),
    active_days     UInt8 COMMENT 'UTC days of the month with traffic',
    active_hours    UInt16 COMMENT 'UTC hours of the month with traffic' CODEC(ZSTD(1)),
    first_seen      DateTime('UTC') CODEC(ZSTD(1)),
    last_seen       DateTime('UTC') CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_pairs_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, rank, direction);

CREATE TABLE IF NOT EXISTS {{db}}.closed_months {{on_cluster}}
(
    table_name      String,
    month           DateTime('UTC'),
    bytes           UInt128 COMMENT 'of all four directions: what the month had when it was closed, to see what came later',
    packets         UInt128,
    flow_records    UInt64,
    closed_at       DateTime64(3, 'UTC')
)
ENGINE = {{engine_everywhere ReplacingMergeTree closed_months closed_at}} ORDER BY (table_name, month);
