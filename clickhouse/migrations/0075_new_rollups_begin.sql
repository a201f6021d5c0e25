-- What was stored before these rollups came is not in them. Until reconcile has made them from raw flows, as far back as these are kept, they
-- answer from tomorrow on, and older tables answer the rest.

INSERT INTO {{db}}.rollup_starts (table_name, complete_from, set_at)
SELECT
    arrayJoin(['regions_5m', 'types_5m', 'types_1h', 'links_1h', 'services_1h', 'places_1h', 'asns_1h', 'traffic_1d', 'services_1d', 'places_1d', 'asns_1d',
        'endpoints_1d', 'pairs_1d', 'uniques_asn_1mo', 'uniques_place_1mo']) AS table_name,
    toStartOfDay(now('UTC')) + INTERVAL 1 DAY AS complete_from,
    now64(3, 'UTC') AS set_at
WHERE (SELECT count() FROM {{db}}.coverage_5m) > 0;
