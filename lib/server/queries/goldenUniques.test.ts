import { expect, test, vi } from 'vitest';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from './exploreOverTime';
import { ownStatementsOf } from './testing/golden';

// What Explore sends for distinct addresses over time; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreOverTime, answerExploreOverTime, query, kept);

test('distinct addresses by type over months', async () => {
  expect(
    await statements('range=2026-Q3&compare=none&measure=uniqueness&by=type&top=2&step=1mo'),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(network_type) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT network_type, uniqCombined64Merge(17)(addresses) AS weight
            FROM
            (
    SELECT network_type, addresses, bytes, packets, flow_records
    FROM uniques_1mo
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY network_type
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"],"p4":2}",
      "SELECT c.position AS position, c.way AS way, c.start AS start, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.total) AS bytes
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 MONTH, {p1:String}), {p1:String})) AS start, if(transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) = 0, {p5:UInt32}, transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32}))) AS position,
            '' AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, addresses, bytes, packets, flow_records
    FROM uniques_1mo
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":[1,2],"p4":0,"p5":3,"p6":"1782864000","p7":"1790812800","p8":["ingress","egress"]}",
    ]
  `);
});

test('distinct addresses by type over a rolling quarter', async () => {
  expect(
    await statements(
      'from=2026-08-24T00:00:00Z&to=2026-11-22T00:00:00Z&compare=none&measure=uniqueness&by=type&top=2',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(network_type) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT network_type, uniqCombined64Merge(17)(addresses) AS weight
            FROM
            (
    SELECT network_type, addresses, bytes, packets, flow_records
    FROM uniques_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
    UNION ALL
    SELECT network_type, addresses, bytes, packets, flow_records
    FROM uniques_1mo
    WHERE bucket >= {p2:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p3:Array(String)}
    UNION ALL
    SELECT network_type, addresses, bytes, packets, flow_records
    FROM uniques_10d
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p3:Array(String)}
    UNION ALL
    SELECT network_type, addresses, bytes, packets, flow_records
    FROM uniques_1d
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY network_type
        )
        ORDER BY weight DESC, k1
        LIMIT {p7:UInt32}
    )
    {"p1":"1787529600","p2":"1788220800","p3":["ingress","egress"],"p4":"1793491200","p5":"1795219200","p6":"1795305600","p7":2}",
      "SELECT c.position AS position, c.way AS way, c.start AS start, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.total) AS bytes
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 DAY, {p1:String}), {p1:String})) AS start, if(transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) = 0, {p5:UInt32}, transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32}))) AS position,
            '' AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, addresses, bytes, packets, flow_records
    FROM uniques_1d
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":[1,2],"p4":0,"p5":3,"p6":"1787529600","p7":"1795305600","p8":["ingress","egress"]}",
    ]
  `);
});

test('bits per address by country', async () => {
  expect(
    await statements(
      'from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&measure=magnitude&by=country&top=2',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(country) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT country, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, country, bytes, packets, flow_records, sampled_packets
    FROM places_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY country
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1793577600","p2":"1794182400","p3":["ingress","egress"],"p4":2}",
      "SELECT c.position AS position, c.way AS way, c.start AS start, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.total) AS bytes
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 DAY, {p1:String}), {p1:String})) AS start, if(transform(country, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) = 0, {p5:UInt32}, transform(country, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32}))) AS position,
            '' AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, country, states AS addresses, all_bytes AS bytes, all_packets AS packets, all_records AS flow_records
    FROM
    (
        SELECT bucket, country, uniqCombined64State(17)(remote_address) AS states, sum(bytes) AS all_bytes, sum(packets) AS all_packets, sum(flow_records) AS all_records
        FROM
        (
    SELECT bucket, remote_address, country, bytes, packets, flow_records
    FROM endpoints_1d
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
        )
        GROUP BY bucket, country
    )
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["US","DE"],"p3":[1,2],"p4":0,"p5":3,"p6":"1793577600","p7":"1794182400","p8":["ingress","egress"]}",
    ]
  `);
});

test('distinct addresses by link kind of a day, from raw flows', async () => {
  expect(
    await statements(
      'from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&compare=none&measure=uniqueness&by=linkKind&top=2',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT sum(flow_records) AS records FROM totals_5m WHERE (bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')})
    {"p1":"1795132800","p2":"1795219200"}",
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(link_kind) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT link_kind, uniqCombined64Merge(17)(addresses) AS weight
            FROM
            (
    SELECT link_kind, states AS addresses, all_bytes AS bytes, all_packets AS packets, all_records AS flow_records
    FROM
    (
        SELECT link_kind, uniqCombined64State(17)(remote_address) AS states, sum(bytes) AS all_bytes, sum(packets) AS all_packets, sum(flow_records) AS all_records
        FROM
        (
    SELECT toDateTime(slot.1 * {p1:UInt64}, 'UTC') AS bucket, link_kind, remote_address, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p2:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p2:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p2:UInt64} - start_ms), divisor))) AS upto
        SELECT
            link_kind, remote_address, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p3:UInt64}), least(end_slot, {p4:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p5:DateTime64(3, 'UTC')} AND ts_start < {p6:DateTime64(3, 'UTC')} AND direction IN {p7:Array(String)}
    )
        )
        GROUP BY link_kind
    )
            )
            GROUP BY link_kind
        )
        ORDER BY weight DESC, k1
        LIMIT {p8:UInt32}
    )
    {"p1":3600,"p2":3600000,"p3":498648,"p4":498672,"p5":"1795129200.000","p6":"1795219200.000","p7":["ingress","egress"],"p8":2}",
      "SELECT c.position AS position, c.way AS way, c.start AS start, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.total) AS bytes
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 HOUR, {p1:String}), {p1:String})) AS start, if(transform(link_kind, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) = 0, {p5:UInt32}, transform(link_kind, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32}))) AS position,
            '' AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, link_kind, states AS addresses, all_bytes AS bytes, all_packets AS packets, all_records AS flow_records
    FROM
    (
        SELECT bucket, link_kind, uniqCombined64State(17)(remote_address) AS states, sum(bytes) AS all_bytes, sum(packets) AS all_packets, sum(flow_records) AS all_records
        FROM
        (
    SELECT toDateTime(slot.1 * {p6:UInt64}, 'UTC') AS bucket, link_kind, remote_address, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p7:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p7:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p7:UInt64} - start_ms), divisor))) AS upto
        SELECT
            link_kind, remote_address, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p8:UInt64}), least(end_slot, {p9:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p10:DateTime64(3, 'UTC')} AND ts_start < {p11:DateTime64(3, 'UTC')} AND direction IN {p12:Array(String)}
    )
        )
        GROUP BY bucket, link_kind
    )
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["transit","private"],"p3":[1,2],"p4":0,"p5":3,"p6":900,"p7":900000,"p8":1994592,"p9":1994688,"p10":"1795129200.000","p11":"1795219200.000","p12":["ingress","egress"]}",
    ]
  `);
});
