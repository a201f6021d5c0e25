-- Who carried the traffic of a closed month, and of a closed quarter, by remote /24 (IPv4) and /48 (IPv6): sums over the heaviest addresses would lack
-- the many small ones of a prefix.

CREATE TABLE IF NOT EXISTS {{db}}.heavy_prefixes_1mo {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'the UTC month' CODEC(Delta, ZSTD(1)),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together in the month, region and type; 0 = all others together' CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    remote_prefix   IPv6 COMMENT 'first address of the /24 or the /48' CODEC(ZSTD(1)),
    bytes           UInt128 CODEC(ZSTD(1)),
    packets         UInt128 CODEC(ZSTD(1)),
    flow_records    UInt64 CODEC(ZSTD(1)),
    sampled_packets UInt64 CODEC(ZSTD(1)),
    others          UInt64 COMMENT 'how many others a row of rank 0 stands for, else 0' CODEC(ZSTD(1)),
    active_days     UInt8 COMMENT 'UTC days of the month with traffic',
    active_hours    UInt16 COMMENT 'UTC hours of the month with traffic; an hour with several of its addresses counts once' CODEC(ZSTD(1)),
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
ENGINE = {{engine_everywhere MergeTree heavy_prefixes_1mo}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, region, network_type, rank, direction);

CREATE TABLE IF NOT EXISTS {{db}}.heavy_prefixes_1q {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'start of the three UTC months' CODEC(Delta, ZSTD(1)),
    by_region       UInt8 COMMENT '0 = all regions together, region is empty',
    by_type         UInt8 COMMENT '0 = all network types together, network_type is empty',
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together; 0 = all others together' CODEC(ZSTD(1)),
    remote_prefix   IPv6 COMMENT 'first address of the /24 or the /48' CODEC(ZSTD(1)),
    ingress_bytes   UInt128 CODEC(ZSTD(1)),
    egress_bytes    UInt128 CODEC(ZSTD(1)),
    most_bytes      UInt128 DEFAULT 0 COMMENT 'rank 0: what one of the others carried at most, ingress and egress together' CODEC(ZSTD(1)),
    ingress_keys    UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are with ingress, listed or not' CODEC(ZSTD(1)),
    egress_keys     UInt64 DEFAULT 0 COMMENT 'rank 0: the same of egress' CODEC(ZSTD(1)),
    both_keys       UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are in all' CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_prefixes_1q}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, by_region, by_type, region, network_type, rank);
