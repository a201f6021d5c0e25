-- Network types that people set in the interface, and what is needed to give stored records what is known now.

CREATE TABLE IF NOT EXISTS {{db}}.classification_edits {{on_cluster}}
(
    edit_id         UUID,
    made_at         DateTime64(3, 'UTC') COMMENT 'the later of two edits of one thing wins on the days that both cover',
    author          String COMMENT 'e-mail address of the person',
    kind            Enum8('asn' = 1, 'prefix' = 2, 'link' = 3),
    asn             UInt32 COMMENT '0 unless kind is asn',
    prefix          String COMMENT 'empty unless kind is prefix',
    exporter        String COMMENT 'empty unless kind is link',
    interface       UInt32 COMMENT '0 unless kind is link',
    network_type    String COMMENT 'empty: what the operators file and the taxonomy say holds again',
    valid_from      Date,
    valid_to        Date COMMENT 'inclusive',
    reason          String
)
ENGINE = {{engine_everywhere ReplacingMergeTree classification_edits}} ORDER BY (made_at, edit_id);

-- Days of flows whose rollups have still to be made again after stored records were enriched anew: written before flows changes,
-- so that a run cut short is finished by the next.
CREATE TABLE IF NOT EXISTS {{db}}.reenriched_days {{on_cluster}}
(
    day             UInt32 COMMENT 'YYYYMMDD, UTC',
    state           Enum8('begun' = 1, 'done' = 2),
    at              DateTime64(3, 'UTC')
)
ENGINE = {{engine_everywhere ReplacingMergeTree reenriched_days at}} ORDER BY day;

CREATE DICTIONARY IF NOT EXISTS {{db}}.exporter_sampling_dict {{on_cluster}}
(exporter String, valid_from Date, valid_to Date, sampling_rate UInt32 DEFAULT 0)
PRIMARY KEY exporter
{{source SELECT exporter, valid_from, valid_to, sampling_rate FROM {{db}}.exporter_sampling}}
LAYOUT(COMPLEX_KEY_RANGE_HASHED()) RANGE(MIN valid_from MAX valid_to) LIFETIME(0);
