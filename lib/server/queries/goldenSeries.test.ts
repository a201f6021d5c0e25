import { expect, test, vi } from 'vitest';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from './exploreOverTime';
import { ownStatementsOf } from './testing/golden';

// What Explore sends for sums over time from rollups; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreOverTime, answerExploreOverTime, query, kept);

test('traffic by type of a week', async () => {
  expect(
    await statements('from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&by=type&top=2'),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found
    FROM
    (
        SELECT toString(network_type) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT network_type, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY network_type
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1793577600","p2":"1794182400","p3":["ingress","egress"],"p4":2}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 30 MINUTE, {p1:String}), {p1:String})) AS start, indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p5:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":"1793577600","p4":"1794182400","p5":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32}), sumIf(toUInt128(value), position = {p4:UInt32})] AS series
        FROM
        (
    SELECT bucket, indexOf(CAST({p5:Array(String)}, 'Array(String)'), network_type) AS position, bytes AS value
    FROM
    (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
    )
        )
        GROUP BY bucket
    )
    {"p1":101,"p2":1,"p3":2,"p4":0,"p5":["Hosting","CDN"],"p6":"1793577600","p7":"1794182400","p8":["ingress","egress"]}",
    ]
  `);
});

test('packets by region and type, ingress and egress apart', async () => {
  expect(
    await statements(
      'from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&by=region,type&top=2&mirror=1&measure=packets',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1, k2] AS keys, found
    FROM
    (
        SELECT toString(region) AS k1, toString(network_type) AS k2, weight, count() OVER () AS found
        FROM
        (
            SELECT region, network_type, sum(toUInt128(packets)) AS weight
            FROM
            (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY region, network_type
        )
        ORDER BY weight DESC, k1, k2
        LIMIT {p4:UInt32}
    )
    {"p1":"1793577600","p2":"1794182400","p3":["ingress","egress"],"p4":2}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 30 MINUTE, {p1:String}), {p1:String})) AS start, indexOf(arrayZip(CAST({p2:Array(String)}, 'Array(String)'), CAST({p3:Array(String)}, 'Array(String)')), (toString(region), toString(network_type))) AS position, toString(direction) AS way,
            sum(toUInt128(packets)) AS total
        FROM
        (
    SELECT bucket, region, network_type, direction, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["US-West","EU-Central"],"p3":["Hosting","CDN"],"p4":"1793577600","p5":"1794182400","p6":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sumIf(toUInt128(value), direction = {p2:String}), sumIf(toUInt128(value), direction = {p3:String}), sumIf(toUInt128(value), position = {p4:UInt32} AND direction = {p2:String}), sumIf(toUInt128(value), position = {p4:UInt32} AND direction = {p3:String}), sumIf(toUInt128(value), position = {p5:UInt32} AND direction = {p2:String}), sumIf(toUInt128(value), position = {p5:UInt32} AND direction = {p3:String}), sumIf(toUInt128(value), position = {p6:UInt32} AND direction = {p2:String}), sumIf(toUInt128(value), position = {p6:UInt32} AND direction = {p3:String})] AS series
        FROM
        (
    SELECT bucket, indexOf(arrayZip(CAST({p7:Array(String)}, 'Array(String)'), CAST({p8:Array(String)}, 'Array(String)')), (toString(region), toString(network_type))) AS position, direction, packets AS value
    FROM
    (
    SELECT bucket, region, network_type, direction, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p9:DateTime('UTC')} AND bucket < {p10:DateTime('UTC')} AND direction IN {p11:Array(String)}
    )
        )
        GROUP BY bucket
    )
    {"p1":101,"p2":"ingress","p3":"egress","p4":1,"p5":2,"p6":0,"p7":["US-West","EU-Central"],"p8":["Hosting","CDN"],"p9":"1793577600","p10":"1794182400","p11":["ingress","egress"]}",
    ]
  `);
});

test('traffic by type of a day, with the day before', async () => {
  expect(
    await statements('from=2026-11-03T00:00:00Z&to=2026-11-04T00:00:00Z&compare=previous&by=type&top=2'),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found
    FROM
    (
        SELECT toString(network_type) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT network_type, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_1h
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY network_type
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1793664000","p2":"1793750400","p3":["ingress","egress"],"p4":2}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 5 MINUTE, {p1:String}), {p1:String})) AS start, indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p5:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":"1793664000","p4":"1793750400","p5":["ingress","egress"]}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 5 MINUTE, {p1:String}), {p1:String})) AS start, indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p5:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":"1793577600","p4":"1793664000","p5":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32}), sumIf(toUInt128(value), position = {p4:UInt32})] AS series
        FROM
        (
    SELECT bucket, indexOf(CAST({p5:Array(String)}, 'Array(String)'), network_type) AS position, bytes AS value
    FROM
    (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
    )
        )
        GROUP BY bucket
    )
    {"p1":15,"p2":1,"p3":2,"p4":0,"p5":["Hosting","CDN"],"p6":"1793664000","p7":"1793750400","p8":["ingress","egress"]}",
    ]
  `);
});
