-- Nearly every record of a block has a pair of hosts of its own, so grouping a block by address or pair before it is stored costs as much as
-- storing it and saves nothing: the insert itself joins rows of one key. Distinct addresses by the hour take the hours that are spread already.
-- MODIFY QUERY leaves no moment without the view.

ALTER TABLE {{db}}.endpoints_1d_mv {{on_cluster}} MODIFY QUERY
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, remote_address, network_type, region, direction, remote_as, country, metro, ip_version,
    bytes, packets, flow_records, sampled_packets, unplaced_records, bitShiftLeft(toUInt32(1), toHour(hour, 'UTC')) AS hours, first_seen, last_seen
FROM (SELECT bucket AS hour, * FROM {{local flows_by_hour}});

ALTER TABLE {{db}}.pairs_1d_mv {{on_cluster}} MODIFY QUERY
SELECT toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC') AS bucket, remote_address, local_address, network_type, region, direction, ip_version,
    bytes, packets, flow_records, sampled_packets, bitShiftLeft(toUInt32(1), toHour(hour, 'UTC')) AS hours, first_seen, last_seen
FROM (SELECT bucket AS hour, * FROM {{local flows_by_hour}});

ALTER TABLE {{db}}.uniques_1h_mv {{on_cluster}} MODIFY QUERY
SELECT bucket, region, network_type, direction, ip_version, sum(bytes) AS bytes, sum(packets) AS packets, sum(flow_records) AS flow_records,
    uniqCombined64State(17)(remote_address) AS addresses
FROM {{local flows_by_hour}}
GROUP BY bucket, region, network_type, direction, ip_version;
