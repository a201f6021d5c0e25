-- What was loaded into the reference tables, when and out of what: a start compares hashes and loads only what changed.

CREATE TABLE IF NOT EXISTS {{db}}.reference_loads {{on_cluster}}
(
    name            LowCardinality(String) COMMENT 'network | asn | taxonomy | geo',
    version         UInt32 COMMENT 'grows by one with every change of what is loaded',
    source_hash     String COMMENT 'SHA-256 (hex) of everything the load depends on',
    rows            UInt64,
    detail          String COMMENT 'JSON: where it came from and what it took',
    loaded_at       DateTime64(3, 'UTC')
)
ENGINE = {{engine_everywhere MergeTree reference_loads}} ORDER BY (name, version);

-- Network types of the operators' own making. The taxonomy is the shipped list with these laid over it.
CREATE TABLE IF NOT EXISTS {{db}}.type_overrides {{on_cluster}}
(
    asn             UInt32 COMMENT '0 where the override is for a prefix',
    prefix          String COMMENT 'empty where the override is for an ASN',
    valid_from      Date,
    valid_to        Date COMMENT 'inclusive',
    network_type    String,
    reason          String
)
ENGINE = {{engine_everywhere MergeTree type_overrides}} ORDER BY (asn, prefix, valid_from);
