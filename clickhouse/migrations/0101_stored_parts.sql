-- What each table takes on disk. The reader may not look into system.parts, where other databases stand too: this view does it for it,
-- with the rights of the account that migrates, and shows this database alone.

CREATE VIEW IF NOT EXISTS {{local stored_parts}} {{on_cluster}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    replaceRegexpOne(table, '_local$', '') AS table_name,
    partition_id,
    sum(rows) AS stored_rows,
    sum(bytes_on_disk) AS stored_bytes,
    count() AS parts
FROM system.parts
WHERE active AND database = '{{db}}'
GROUP BY table_name, partition_id;

{{distributed stored_parts rand()}}
