-- What is doubtful about records, by hour: sampling rates, quality flags, how late they came. Unlike other rollups it counts every
-- record. bytes, packets and flow_records hold those that count (counted = 1), as in every rollup, so that it can be compared with
-- flows; the rest stand in columns of their own. Whatever is not spread counts in the hour in which the record begins.
--
-- A lag is receipt minus end in whole seconds, rounded down to 10 s from 5 min on, to 5 min from 1 h on, to 1 h from 1 d on; records
-- without a time of receipt of their own have none. Implausible: a mean of at least a second above the speed of its link, or above
-- 1.6 Tb/s, the fastest port there is, where that is not known.

CREATE TABLE IF NOT EXISTS {{local quality_1h}} {{on_cluster}}
(
    bucket          DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String),
    source_format   LowCardinality(String),
    received_day    Date COMMENT 'UTC day of receipt; of the end where there is no receive time',
    bytes           SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    packets         SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    flow_records    SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    not_counted_bytes SimpleAggregateFunction(sum, UInt64) COMMENT 'seen on an internal interface: in no total' CODEC(ZSTD(1)),
    not_counted_records SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    implausible_records SimpleAggregateFunction(sum, UInt64) CODEC(ZSTD(1)),
    rates           SimpleAggregateFunction(sumMap, Map(UInt32, UInt64)) COMMENT 'sampling rate -> records; 0 = unknown' CODEC(ZSTD(1)),
    flags           SimpleAggregateFunction(sumMap, Map(UInt8, UInt64)) COMMENT 'bit of quality_flags (0 = the lowest) -> records' CODEC(ZSTD(1)),
    lags            SimpleAggregateFunction(sumMap, Map(Int32, UInt64)) COMMENT 'seconds between end and receipt, rounded down -> records' CODEC(ZSTD(1))
)
ENGINE = {{engine AggregatingMergeTree quality_1h}}
PARTITION BY toYYYYMM(bucket)
ORDER BY (bucket, exporter, source_format, received_day)
SETTINGS non_replicated_deduplication_window = 30000;

{{distributed quality_1h rand()}}

CREATE MATERIALIZED VIEW IF NOT EXISTS {{db}}.quality_1h_mv {{on_cluster}} TO {{local quality_1h}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    bucket, exporter, source_format, received_day,
    sumIf(part_bytes, counted = 1) AS bytes,
    sumIf(part_packets, counted = 1) AS packets,
    sumIf(records, counted = 1) AS flow_records,
    sumIf(part_bytes, counted = 0) AS not_counted_bytes,
    sumIf(records, counted = 0) AS not_counted_records,
    sum(implausible) AS implausible_records,
    sumMap(if(records = 0, CAST(map() AS Map(UInt32, UInt64)), map(sampling_rate, records))) AS rates,
    sumMap(if(records = 0, CAST(map() AS Map(UInt8, UInt64)),
        mapFromArrays(arrayMap(bit -> toUInt8(bit), bitPositionsToArray(quality_flags)), arrayMap(bit -> records, bitPositionsToArray(quality_flags))))) AS flags,
    sumMap(if(records = 0 OR rounded_lag = -2147483648, CAST(map() AS Map(Int32, UInt64)), map(rounded_lag, records))) AS lags
FROM
(
    -- Few combinations an hour: what is costly is made of groups and not of records.
    SELECT
        toDateTime(slot.1 * 3600, 'UTC') AS bucket, exporter, source_format, received_day, counted, sampling_rate, quality_flags, rounded_lag,
        sum(slot.2) AS part_bytes,
        sum(slot.3) AS part_packets,
        sum(toUInt64(slot.4)) AS records,
        sum(toUInt64(slot.4 * is_implausible)) AS implausible
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, 3600000) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), 3600000) + 1 - first_slot) AS slots,
            bytes_raw * sampling_rate AS total_bytes,
            packets_raw * sampling_rate AS total_packets,
            greatest(duration_ms, 1) AS divisor,
            toInt64(toUnixTimestamp(ts_recv)) - toInt64(intDiv(end_ms, 1000)) AS lag,
            toFloat64(total_bytes) * 8000 / divisor AS bits_per_second
        SELECT
            exporter, source_format, toDate(ts_recv) AS received_day, counted, sampling_rate, quality_flags,
            -- No time of receipt (64), or the receipt is all there is (256).
            toInt32(multiIf(bitAnd(quality_flags, 320) != 0, -2147483648, lag < 300, lag, lag < 3600, lag - lag % 10, lag < 86400, lag - lag % 300, lag - lag % 3600)) AS rounded_lag,
            -- Only what is fast at all is worth the search for its link.
            if(duration_ms >= 1000 AND bits_per_second > 1000000000,
                toUInt8(bits_per_second > if(dictGetOrDefault('{{db}}.link_dict', 'speed_bps', (toString(exporter), interface), toDate(ts_start), toUInt64(0)) = 0, 1.6e12,
                    toFloat64(dictGetOrDefault('{{db}}.link_dict', 'speed_bps', (toString(exporter), interface), toDate(ts_start), toUInt64(0))))),
                toUInt8(0)) AS is_implausible,
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
    )
    GROUP BY bucket, exporter, source_format, received_day, counted, sampling_rate, quality_flags, rounded_lag
)
GROUP BY bucket, exporter, source_format, received_day;
