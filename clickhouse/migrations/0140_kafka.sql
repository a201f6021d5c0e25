-- Messages of a Kafka topic as they came, before anything is decided about them. Kafka delivers at least once: after a crash or a rebalance
-- the same offset comes again. The ledger job takes them from here, each offset of a partition once, and reads them like any other import.
-- What reads the topic (kafka_queue and its view) is made by "npm run migrate" where WEIR_KAFKA_BROKERS is set, as not every server has Kafka.

CREATE TABLE IF NOT EXISTS {{local kafka_records}} {{on_cluster}}
(
    topic           LowCardinality(String),
    partition       UInt32,
    offset          UInt64 CODEC(Delta, ZSTD(1)),
    format          LowCardinality(String) COMMENT 'how the message is read: goflow2-json | goflow2-protobuf',
    written_at      DateTime64(3, 'UTC') COMMENT 'time of the message in Kafka; 1970 = it has none' CODEC(Delta, ZSTD(1)),
    staged_at       DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    message         String COMMENT 'the bytes of the message' CODEC(ZSTD(1)),
    INDEX by_staged_at staged_at TYPE minmax GRANULARITY 1
)
ENGINE = {{engine MergeTree kafka_records}}
PARTITION BY toStartOfHour(staged_at)
ORDER BY (topic, partition, offset)
TTL toDateTime(staged_at) + INTERVAL 3 DAY
SETTINGS ttl_only_drop_parts = 1;

{{distributed kafka_records cityHash64(topic, partition)}}
