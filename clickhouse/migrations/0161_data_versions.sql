-- What changes when anything is stored, rebuilt or dropped, and stays when parts are only merged: so that answers can be kept until then.

CREATE VIEW IF NOT EXISTS {{local data_versions}} {{on_cluster}}
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    replaceRegexpOne(table, '_local$', '') AS table_name,
    partition_id,
    max(max_block_number) AS last_block,
    -- Of a part that no mutation has touched it is the first block, which a merge changes.
    max(if(data_version > max_block_number, data_version, 0)) AS last_mutation
FROM system.parts
WHERE active AND database = '{{db}}'
GROUP BY table_name, partition_id;

{{distributed data_versions rand()}}
