-- How long each table keeps its rows, as last set: what the dashboard says instead of drawing zeros for what is gone.

CREATE TABLE IF NOT EXISTS {{db}}.retention {{on_cluster}}
(
    table_name      String,
    keep_days       UInt32 COMMENT '0 = for ever',
    set_at          DateTime64(3, 'UTC')
)
ENGINE = {{engine_everywhere ReplacingMergeTree retention set_at}} ORDER BY table_name;
