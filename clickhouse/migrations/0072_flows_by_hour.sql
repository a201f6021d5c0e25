-- Records spread over hours once, for every rollup that begins at the hour. Holds nothing itself (Null): rows pass through to the views.
-- An address is the IPv4 /32 or the IPv6 /64. A service is found at the lower port where that is below 32768, else the port is 0 (both
-- ends ephemeral); ICMP and other protocols without ports have 0.

CREATE TABLE IF NOT EXISTS {{local flows_by_hour}} {{on_cluster}}
(
    bucket          DateTime('UTC'),
    region          LowCardinality(String),
    network_type    LowCardinality(String),
    direction       Enum8('internal' = 0, 'ingress' = 1, 'egress' = 2, 'transit' = 3),
    ip_version      UInt8,
    remote_as       UInt32,
    country         LowCardinality(String),
    metro           LowCardinality(String),
    proto           UInt8,
    service_port    UInt16,
    remote_address  IPv6,
    local_address   IPv6,
    bytes           UInt64,
    packets         UInt64,
    flow_records    UInt64 COMMENT '1 in the slot of the start, else 0',
    sampled_packets UInt64,
    unplaced_records UInt64 COMMENT '1 in the slot of the start where the address table was not loaded yet',
    first_seen      DateTime('UTC') COMMENT 'within the hour',
    last_seen       DateTime('UTC') COMMENT 'within the hour'
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.flows_by_hour_mv {{on_cluster}} TO {{local flows_by_hour}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    toDateTime(slot.1 * 3600, 'UTC') AS bucket,
    region, network_type, direction, ip_version, remote_as, country, metro, proto, service_port, remote_address, local_address,
    slot.2 AS bytes,
    slot.3 AS packets,
    toUInt64(slot.4) AS flow_records,
    if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets,
    if(geo_version = 0, flow_records, 0) AS unplaced_records,
    toDateTime(greatest(intDiv(start_ms, 1000), slot.1 * 3600), 'UTC') AS first_seen,
    toDateTime(least(intDiv(greatest(end_ms, start_ms + 1) - 1, 1000), slot.1 * 3600 + 3599), 'UTC') AS last_seen
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
        direction IN ('ingress', 'transit') AS remote_is_src,
        if(remote_is_src, src_ip, dst_ip) AS remote,
        if(remote_is_src, dst_ip, src_ip) AS local,
        greatest(duration_ms, 1) AS divisor
    SELECT
        start_ms, end_ms, region, network_type, direction, toUInt8(if(is_v4, 4, 6)) AS ip_version, remote_as, country, metro, proto,
        if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port)) AS service_port,
        if(is_v4, remote, tupleElement(IPv6CIDRToRange(remote, 64), 1)) AS remote_address,
        if(is_v4, local, tupleElement(IPv6CIDRToRange(local, 64), 1)) AS local_address,
        sampling_rate, packets_raw, geo_version,
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
);
