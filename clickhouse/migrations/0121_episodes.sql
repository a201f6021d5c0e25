-- Episodes of 1 GB and more between two hosts in one direction, stored when the UTC day of their end is closed: what stitches the parts
-- that an active timeout cuts a flow into, and stays when raw flows are gone. On a cluster every node holds every row.

CREATE TABLE IF NOT EXISTS {{db}}.episodes {{on_cluster}}
(
    ended           DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    started         DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    remote_address  IPv6 COMMENT 'IPv4 /32 or IPv6 /64' CODEC(ZSTD(1)),
    local_address   IPv6 COMMENT 'IPv4 /32 or IPv6 /64' CODEC(ZSTD(1)),
    region          LowCardinality(String) COMMENT 'of the record with the most bytes, as are type, ASN and exporter',
    network_type    LowCardinality(String),
    remote_as       UInt32 CODEC(ZSTD(1)),
    exporter        LowCardinality(String),
    bytes           UInt64 CODEC(ZSTD(1)),
    packets         UInt64 CODEC(ZSTD(1)),
    flow_records    UInt32 CODEC(ZSTD(1)),
    peak_minute     DateTime('UTC') COMMENT 'the minute with the most bytes, the first of equals' CODEC(ZSTD(1)),
    peak_bytes      UInt64 COMMENT 'bytes of that minute' CODEC(ZSTD(1)),
    gap_seconds     UInt32 COMMENT 'records at most this far apart were joined: active + idle timeout of the exporters, the longest' CODEC(ZSTD(1)),
    cut             UInt8 COMMENT '1 = may have begun before the records that were looked at'
)
ENGINE = {{engine_everywhere MergeTree episodes}}
PARTITION BY toYYYYMMDD(ended)
ORDER BY (ended, direction, remote_address, local_address);

CREATE TABLE IF NOT EXISTS {{db}}.episode_days {{on_cluster}}
(
    day             DateTime('UTC'),
    episodes        UInt32,
    closed_at       DateTime64(3, 'UTC')
)
ENGINE = {{engine_everywhere ReplacingMergeTree episode_days closed_at}} ORDER BY day;
