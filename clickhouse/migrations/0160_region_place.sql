-- Where the region of an exporter lies, for the map: as the operators' file says it, the same for every exporter of the region.

ALTER TABLE {{db}}.exporters {{on_cluster}} ADD COLUMN IF NOT EXISTS region_latitude Nullable(Float64)
    COMMENT 'degrees; NULL = the operators'' file does not say';

ALTER TABLE {{db}}.exporters {{on_cluster}} ADD COLUMN IF NOT EXISTS region_longitude Nullable(Float64)
    COMMENT 'degrees; NULL = the operators'' file does not say';
