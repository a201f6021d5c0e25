-- The views run with the rights of the account that migrates, so that the account that inserts needs INSERT on the landing table
-- and nothing else. A view of a later migration says DEFINER = CURRENT_USER SQL SECURITY DEFINER itself.

ALTER TABLE {{db}}.flows_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.ingest_keys_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.traffic_5m_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.traffic_1h_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.links_5m_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.coverage_5m_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.uniques_1h_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.uniques_1d_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
ALTER TABLE {{db}}.uniques_1mo_mv {{on_cluster}} MODIFY SQL SECURITY DEFINER DEFINER = CURRENT_USER;
