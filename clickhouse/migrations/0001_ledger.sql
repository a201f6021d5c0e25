-- The ledger decides what has been stored. ClickHouse's own deduplication only covers the batch in doubt.

CREATE TABLE IF NOT EXISTS {{local ingest_batches}} {{on_cluster}}
(
    batch_id        FixedString(64) COMMENT 'SHA-256 (hex) of source, offset and content of the batch',
    batch_key       UInt64 COMMENT 'first 8 bytes of batch_id; carried by every row of flows',
    source          String COMMENT 'fingerprint of where the records come from; the same file under another name has the same',
    source_name     String COMMENT 'path or URL, for people and for sending again',
    source_offset   UInt64 COMMENT 'ordinal of the first record of the batch within the source',
    records         UInt64 COMMENT 'records read = accepted + rejected + duplicates',
    accepted        UInt64,
    rejected        UInt64,
    duplicates      UInt64,
    flagged         UInt64 COMMENT 'accepted records with at least one quality flag',
    bytes           UInt64 COMMENT 'sum of bytes_raw x sampling_rate of the accepted records',
    packets         UInt64 COMMENT 'sum of packets_raw x sampling_rate of the accepted records',
    first_start     DateTime64(3, 'UTC') COMMENT 'least ts_start of the accepted records',
    last_end        DateTime64(3, 'UTC') COMMENT 'greatest ts_end of the accepted records',
    batch_size      UInt32 COMMENT 'records a batch the reader was set to; a resumed source goes on with it',
    format          LowCardinality(String),
    format_version  UInt16 COMMENT 'version of the parser; a changed parser makes other batches',
    options         String COMMENT 'JSON of the import options that change records (zone, sampling rate)',
    token           String COMMENT 'deduplication token last used; changes when a batch is sent again after a loss',
    state           Enum8('pending' = 1, 'committed' = 2, 'lost' = 3),
    created_at      DateTime64(3, 'UTC'),
    version         UInt64 COMMENT 'greatest wins; nanoseconds since 1970'
)
ENGINE = {{engine ReplacingMergeTree ingest_batches version}}
ORDER BY (source, source_offset, batch_id)
SETTINGS non_replicated_deduplication_window = 10000;

{{distributed ingest_batches cityHash64(source)}}

CREATE TABLE IF NOT EXISTS {{local flows_rejected}} {{on_cluster}}
(
    rejected_at     DateTime64(3, 'UTC'),
    batch_key       UInt64,
    source_name     String,
    source_offset   UInt64 COMMENT 'ordinal of the record within its source',
    format          LowCardinality(String),
    reason          LowCardinality(String) COMMENT 'closed set of codes',
    detail          String COMMENT 'what is wrong and how to fix it',
    record          String COMMENT 'the record as it came, cut to 4,096 bytes'
)
ENGINE = {{engine MergeTree flows_rejected}}
PARTITION BY toYYYYMM(rejected_at)
ORDER BY (reason, rejected_at, batch_key, source_offset)
SETTINGS non_replicated_deduplication_window = 10000;

{{distributed flows_rejected batch_key}}

-- Keys of recently accepted records, for the content rule for duplicates; a part of the ledger.
CREATE TABLE IF NOT EXISTS {{local ingest_keys}} {{on_cluster}}
(
    inserted_at     DateTime('UTC'),
    batch_key       UInt64,
    dedup_key       UInt64 COMMENT 'hash of the fields that the content rule compares'
)
ENGINE = {{engine MergeTree ingest_keys}}
PARTITION BY toStartOfHour(inserted_at)
ORDER BY (inserted_at, dedup_key)
TTL inserted_at + INTERVAL 2 HOUR
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

{{distributed ingest_keys batch_key}}
