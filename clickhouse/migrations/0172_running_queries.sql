-- How far queries have come, for who asked them: the reader may not see system tables, and of this one sees figures only, no statements.

CREATE VIEW IF NOT EXISTS {{local running_queries}} {{on_cluster}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT query_id, read_rows, total_rows_approx
FROM system.processes
WHERE is_initial_query;

{{distributed running_queries rand()}}
