-- The day of retirement itself: an exporter is expected up to and including it. The days before it stay expected when it has passed, and
-- it passes without the operators' file being loaded again.

ALTER TABLE {{db}}.exporters {{on_cluster}} ADD COLUMN IF NOT EXISTS retired_on Date DEFAULT '2149-06-06'
    COMMENT 'last day on which records are expected; 2149-06-06 = not retired' AFTER expected;
