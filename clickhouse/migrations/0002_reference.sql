-- What enrichment looks up. Each table is filled whole and swapped in, then its dictionary is reloaded. On a cluster every
-- node holds every row, as each one enriches the records that reach it.

CREATE TABLE IF NOT EXISTS {{db}}.exporters {{on_cluster}}
(
    exporter        String COMMENT 'address or name as the collector reports it',
    name            String,
    region          String,
    active_timeout  UInt32 COMMENT 'seconds',
    idle_timeout    UInt32 COMMENT 'seconds',
    expected        UInt8 COMMENT '1 = configured and not retired'
)
ENGINE = {{engine_everywhere MergeTree exporters}} ORDER BY exporter;

CREATE TABLE IF NOT EXISTS {{db}}.exporter_sampling {{on_cluster}}
(
    exporter        String,
    valid_from      Date,
    valid_to        Date COMMENT 'inclusive',
    sampling_rate   UInt32
)
ENGINE = {{engine_everywhere MergeTree exporter_sampling}} ORDER BY (exporter, valid_from);

CREATE TABLE IF NOT EXISTS {{db}}.links {{on_cluster}}
(
    exporter        String,
    interface       UInt32,
    valid_from      Date,
    valid_to        Date COMMENT 'inclusive',
    name            String,
    boundary        String COMMENT 'external | internal | unknown',
    kind            String COMMENT 'transit | ix | pni | private | backbone | customer | unknown',
    provider        String,
    speed_bps       UInt64,
    network_type    String COMMENT 'empty, or the type every flow of this link has (Migration)'
)
ENGINE = {{engine_everywhere MergeTree links}} ORDER BY (exporter, interface, valid_from);

CREATE TABLE IF NOT EXISTS {{db}}.own_prefixes {{on_cluster}}
(
    prefix          String
)
ENGINE = {{engine_everywhere MergeTree own_prefixes}} ORDER BY prefix;

CREATE TABLE IF NOT EXISTS {{db}}.asn_prefixes {{on_cluster}}
(
    prefix          String,
    asn             UInt32
)
ENGINE = {{engine_everywhere MergeTree asn_prefixes}} ORDER BY prefix;

CREATE TABLE IF NOT EXISTS {{db}}.as_names {{on_cluster}}
(
    asn             UInt32,
    organisation    String
)
ENGINE = {{engine_everywhere MergeTree as_names}} ORDER BY asn;

CREATE TABLE IF NOT EXISTS {{db}}.asn_types {{on_cluster}}
(
    asn             UInt32,
    valid_from      Date,
    valid_to        Date COMMENT 'inclusive',
    network_type    String,
    name            String,
    evidence        String,
    taxonomy_version UInt16
)
ENGINE = {{engine_everywhere MergeTree asn_types}} ORDER BY (asn, valid_from);

CREATE TABLE IF NOT EXISTS {{db}}.prefix_types {{on_cluster}}
(
    prefix          String,
    prefix_id       UInt64,
    valid_from      Date,
    valid_to        Date COMMENT 'inclusive',
    network_type    String,
    taxonomy_version UInt16
)
ENGINE = {{engine_everywhere MergeTree prefix_types}} ORDER BY (prefix, valid_from);

CREATE TABLE IF NOT EXISTS {{db}}.geo_prefixes {{on_cluster}}
(
    prefix          String,
    country         LowCardinality(String) COMMENT 'ISO 3166-1 alpha-2',
    metro           LowCardinality(String) COMMENT 'nearest metro centre, or empty'
)
ENGINE = {{engine_everywhere MergeTree geo_prefixes}} ORDER BY prefix;

-- Small facts that enrichment stamps on a row: taxonomy version, version of the address table (0 = not loaded yet).
CREATE TABLE IF NOT EXISTS {{db}}.reference_versions {{on_cluster}}
(
    name            String,
    version         UInt32,
    loaded_at       DateTime('UTC')
)
ENGINE = {{engine_everywhere ReplacingMergeTree reference_versions loaded_at}} ORDER BY name;

CREATE DICTIONARY IF NOT EXISTS {{db}}.exporter_dict {{on_cluster}}
(exporter String, name String DEFAULT '', region String DEFAULT 'Unassigned', active_timeout UInt32 DEFAULT 1800, idle_timeout UInt32 DEFAULT 60)
PRIMARY KEY exporter
{{source SELECT exporter, name, region, active_timeout, idle_timeout FROM {{db}}.exporters}}
LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.link_dict {{on_cluster}}
(exporter String, interface UInt32, valid_from Date, valid_to Date, name String DEFAULT '', boundary String DEFAULT 'unknown', kind String DEFAULT 'unknown', provider String DEFAULT '', speed_bps UInt64 DEFAULT 0, network_type String DEFAULT '')
PRIMARY KEY exporter, interface
{{source SELECT exporter, interface, valid_from, valid_to, name, boundary, kind, provider, speed_bps, network_type FROM {{db}}.links}}
LAYOUT(COMPLEX_KEY_RANGE_HASHED()) RANGE(MIN valid_from MAX valid_to) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.own_prefix_dict {{on_cluster}}
(prefix String, is_local UInt8 DEFAULT 0)
PRIMARY KEY prefix
{{source SELECT prefix, 1 AS is_local FROM {{db}}.own_prefixes}}
LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.asn_dict {{on_cluster}}
(prefix String, asn UInt32 DEFAULT 0)
PRIMARY KEY prefix
{{source SELECT prefix, asn FROM {{db}}.asn_prefixes}}
LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.as_name_dict {{on_cluster}}
(asn UInt64, organisation String DEFAULT '')
PRIMARY KEY asn
{{source SELECT toUInt64(asn) AS asn, organisation FROM {{db}}.as_names}}
LAYOUT(HASHED()) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.asn_type_dict {{on_cluster}}
(asn UInt64, valid_from Date, valid_to Date, network_type String DEFAULT '')
PRIMARY KEY asn
{{source SELECT toUInt64(asn) AS asn, valid_from, valid_to, network_type FROM {{db}}.asn_types}}
LAYOUT(RANGE_HASHED()) RANGE(MIN valid_from MAX valid_to) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.prefix_id_dict {{on_cluster}}
(prefix String, prefix_id UInt64 DEFAULT 0)
PRIMARY KEY prefix
{{source SELECT DISTINCT prefix, prefix_id FROM {{db}}.prefix_types}}
LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.prefix_type_dict {{on_cluster}}
(prefix_id UInt64, valid_from Date, valid_to Date, network_type String DEFAULT '')
PRIMARY KEY prefix_id
{{source SELECT prefix_id, valid_from, valid_to, network_type FROM {{db}}.prefix_types}}
LAYOUT(RANGE_HASHED()) RANGE(MIN valid_from MAX valid_to) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.geo_dict {{on_cluster}}
(prefix String, country String DEFAULT '', metro String DEFAULT '')
PRIMARY KEY prefix
{{source SELECT prefix, country, metro FROM {{db}}.geo_prefixes}}
LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE DICTIONARY IF NOT EXISTS {{db}}.reference_version_dict {{on_cluster}}
(name String, version UInt32 DEFAULT 0)
PRIMARY KEY name
{{source SELECT name, argMax(version, loaded_at) AS version FROM {{db}}.reference_versions GROUP BY name}}
LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0);
