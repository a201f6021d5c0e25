-- From when on each rollup is complete. A rollup that is added to a database with data holds nothing of the past until reconcile has
-- made it from what is kept; until then questions about the past go to other tables, and never read zeros.

CREATE TABLE IF NOT EXISTS {{db}}.rollup_starts {{on_cluster}}
(
    table_name      String,
    complete_from   DateTime('UTC') COMMENT '1970 = holds everything that was ever stored',
    set_at          DateTime64(3, 'UTC')
)
ENGINE = {{engine_everywhere ReplacingMergeTree rollup_starts set_at}} ORDER BY table_name;
