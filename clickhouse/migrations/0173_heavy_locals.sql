-- The same of our own addresses, from pairs_1d: a sum over the heaviest pairs would lack those that are not among them.

CREATE TABLE IF NOT EXISTS {{db}}.heavy_locals_1mo {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'the UTC month' CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together in the month, region and type; 0 = all others together' CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    local_address   IPv6 CODEC(ZSTD(1)),
    bytes           UInt128 CODEC(ZSTD(1)),
    packets         UInt128 CODEC(ZSTD(1)),
    flow_records    UInt64 CODEC(ZSTD(1)),
    sampled_packets UInt64 CODEC(ZSTD(1)),
    others          UInt64 COMMENT 'how many others a row of rank 0 stands for, else 0' CODEC(ZSTD(1)),
    active_days     UInt8 COMMENT 'UTC days of the month with traffic',
    active_hours    UInt16 COMMENT 'UTC hours of the month with traffic; an hour with several remote addresses counts once' CODEC(ZSTD(1)),
    first_seen      DateTime('UTC') CODEC(ZSTD(1)),
    last_seen       DateTime('UTC') CODEC(ZSTD(1)),
    rule            UInt8 DEFAULT 0 COMMENT '0 = kept only where it is among the heaviest; 1 = kept in every region and type of the month' CODEC(ZSTD(1)),
    most_bytes      UInt128 DEFAULT 0 COMMENT 'rank 0: what one of the others carried at most, in this direction' CODEC(ZSTD(1)),
    most_packets    UInt128 DEFAULT 0 CODEC(ZSTD(1)),
    most_records    UInt64 DEFAULT 0 CODEC(ZSTD(1)),
    month_most_bytes   UInt128 DEFAULT 0 COMMENT 'rank 0: the same over all regions, types and both directions of the month' CODEC(ZSTD(1)),
    month_most_packets UInt128 DEFAULT 0 CODEC(ZSTD(1)),
    month_most_records UInt64 DEFAULT 0 CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_locals_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, rank, direction);
