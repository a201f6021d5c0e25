-- A quarter's heaviest remote addresses, local addresses and pairs, ranked when it closes from the days of all three months: over everything, by region,
-- by network type and by both. Lists of single months cannot say who is heaviest of a quarter without adding up the months in which somebody was on none.

CREATE TABLE IF NOT EXISTS {{db}}.heavy_addresses_1q {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'start of the three UTC months' CODEC(Delta, ZSTD(1)),
    by_region       UInt8 COMMENT '0 = all regions together, region is empty',
    by_type         UInt8 COMMENT '0 = all network types together, network_type is empty',
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together; 0 = all others together' CODEC(ZSTD(1)),
    remote_address  IPv6 CODEC(ZSTD(1)),
    ingress_bytes   UInt128 CODEC(ZSTD(1)),
    egress_bytes    UInt128 CODEC(ZSTD(1)),
    most_bytes      UInt128 DEFAULT 0 COMMENT 'rank 0: what one of the others carried at most, ingress and egress together' CODEC(ZSTD(1)),
    ingress_keys    UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are with ingress, listed or not' CODEC(ZSTD(1)),
    egress_keys     UInt64 DEFAULT 0 COMMENT 'rank 0: the same of egress' CODEC(ZSTD(1)),
    both_keys       UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are in all' CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_addresses_1q}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, by_region, by_type, region, network_type, rank);

CREATE TABLE IF NOT EXISTS {{db}}.heavy_locals_1q {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'start of the three UTC months' CODEC(Delta, ZSTD(1)),
    by_region       UInt8 COMMENT '0 = all regions together, region is empty',
    by_type         UInt8 COMMENT '0 = all network types together, network_type is empty',
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together; 0 = all others together' CODEC(ZSTD(1)),
    local_address   IPv6 CODEC(ZSTD(1)),
    ingress_bytes   UInt128 CODEC(ZSTD(1)),
    egress_bytes    UInt128 CODEC(ZSTD(1)),
    most_bytes      UInt128 DEFAULT 0 COMMENT 'rank 0: what one of the others carried at most, ingress and egress together' CODEC(ZSTD(1)),
    ingress_keys    UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are with ingress, listed or not' CODEC(ZSTD(1)),
    egress_keys     UInt64 DEFAULT 0 COMMENT 'rank 0: the same of egress' CODEC(ZSTD(1)),
    both_keys       UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are in all' CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_locals_1q}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, by_region, by_type, region, network_type, rank);

CREATE TABLE IF NOT EXISTS {{db}}.heavy_pairs_1q {{on_cluster}}
(
    bucket          DateTime('UTC') COMMENT 'start of the three UTC months' CODEC(Delta, ZSTD(1)),
    by_region       UInt8 COMMENT '0 = all regions together, region is empty',
    by_type         UInt8 COMMENT '0 = all network types together, network_type is empty',
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    rank            UInt32 COMMENT '1 = most bytes of ingress and egress together; 0 = all others together' CODEC(ZSTD(1)),
    remote_address  IPv6 CODEC(ZSTD(1)),
    local_address   IPv6 CODEC(ZSTD(1)),
    ingress_bytes   UInt128 CODEC(ZSTD(1)),
    egress_bytes    UInt128 CODEC(ZSTD(1)),
    most_bytes      UInt128 DEFAULT 0 COMMENT 'rank 0: what one of the others carried at most, ingress and egress together' CODEC(ZSTD(1)),
    ingress_keys    UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are with ingress, listed or not' CODEC(ZSTD(1)),
    egress_keys     UInt64 DEFAULT 0 COMMENT 'rank 0: the same of egress' CODEC(ZSTD(1)),
    both_keys       UInt64 DEFAULT 0 COMMENT 'rank 0: how many there are in all' CODEC(ZSTD(1))
)
ENGINE = {{engine_everywhere MergeTree heavy_pairs_1q}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, by_region, by_type, region, network_type, rank);
