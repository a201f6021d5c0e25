-- The ledger is on disk before a batch is sent: after a power loss the flows of the last seconds may be gone, and the ledger has to
-- know it, so that reconcile sends them again from the spool.

ALTER TABLE {{local ingest_batches}} {{on_cluster}} MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
ALTER TABLE {{local flows_rejected}} {{on_cluster}} MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1;
