-- What each batch brought from each exporter: what became of its records, and how far the sequence numbers of their packets moved. A few
-- rows a batch, known by the batch: written again they take the place of the same ones. The hour is that of receipt.
--
-- A stretch is a count that moved on without a break that could not be loss: receipt of its first and last packet, its least number, how
-- far the number moved, and how much of that came; packets for sFlow and NetFlow v9, records for NetFlow v5 and IPFIX.

CREATE TABLE IF NOT EXISTS {{local batch_exporters}} {{on_cluster}}
(
    hour            DateTime('UTC') CODEC(Delta, ZSTD(1)),
    exporter        LowCardinality(String),
    source_format   LowCardinality(String),
    export_version  Enum8('unknown' = 0, 'sflow5' = 1, 'netflow5' = 2, 'netflow9' = 3, 'ipfix' = 4),
    obs_domain      UInt32,
    batch_key       UInt64 COMMENT 'the batch, as in ingest_batches and flows',
    accepted        UInt32 CODEC(ZSTD(1)),
    duplicates      UInt32 COMMENT 'left out, because an equal record had come before' CODEC(ZSTD(1)),
    rejected        UInt32 COMMENT 'of those whose exporter can still be read' CODEC(ZSTD(1)),
    flagged         UInt32 COMMENT 'accepted records with at least one quality flag' CODEC(ZSTD(1)),
    numbered        UInt32 COMMENT 'records with a sequence number and a time of receipt, duplicates left out' CODEC(ZSTD(1)),
    stretches       Array(Tuple(DateTime64(3, 'UTC'), DateTime64(3, 'UTC'), UInt32, UInt32, UInt32)) CODEC(ZSTD(1)),
    parallel        UInt8 COMMENT '1 = several counts ran at the same time: what lies between batches is not known',
    too_many        UInt8 COMMENT '1 = more counts than are followed: loss is not known'
)
ENGINE = {{engine ReplacingMergeTree batch_exporters}}
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, exporter, source_format, export_version, obs_domain, batch_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

{{distributed batch_exporters batch_key}}
