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
      "SELECT [k1] AS keys, found, toString(weight) AS weight
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
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 30 MINUTE, {p1:String}), {p1:String})) AS start, transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":[1,2],"p4":0,"p5":"1793577600","p6":"1794182400","p7":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32}), sumIf(toUInt128(value), position = {p4:UInt32})] AS series
        FROM
        (
    SELECT bucket, transform(network_type, CAST({p5:Array(String)}, 'Array(String)'), {p6:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, bytes AS value
    FROM
    (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p7:DateTime('UTC')} AND bucket < {p8:DateTime('UTC')} AND direction IN {p9:Array(String)}
    )
        )
        GROUP BY bucket
    )
    {"p1":101,"p2":1,"p3":2,"p4":0,"p5":["Hosting","CDN"],"p6":[1,2],"p7":"1793577600","p8":"1794182400","p9":["ingress","egress"]}",
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
      "SELECT [k1, k2] AS keys, found, toString(weight) AS weight
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
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 30 MINUTE, {p1:String}), {p1:String})) AS start, transform((transform(region, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32}))) * toUInt64({p5:UInt32}) + transform(network_type, CAST({p6:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})), {p7:Array(UInt64)}, {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, toString(direction) AS way,
            sum(toUInt128(packets)) AS total
        FROM
        (
    SELECT bucket, region, network_type, direction, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p8:DateTime('UTC')} AND bucket < {p9:DateTime('UTC')} AND direction IN {p10:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["US-West","EU-Central"],"p3":[1,2],"p4":0,"p5":3,"p6":["Hosting","CDN"],"p7":[4,8],"p8":"1793577600","p9":"1794182400","p10":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sumIf(toUInt128(value), direction = {p2:String}), sumIf(toUInt128(value), direction = {p3:String}), sumIf(toUInt128(value), position = {p4:UInt32} AND direction = {p2:String}), sumIf(toUInt128(value), position = {p4:UInt32} AND direction = {p3:String}), sumIf(toUInt128(value), position = {p5:UInt32} AND direction = {p2:String}), sumIf(toUInt128(value), position = {p5:UInt32} AND direction = {p3:String}), sumIf(toUInt128(value), position = {p6:UInt32} AND direction = {p2:String}), sumIf(toUInt128(value), position = {p6:UInt32} AND direction = {p3:String})] AS series
        FROM
        (
    SELECT bucket, transform((transform(region, CAST({p7:Array(String)}, 'Array(String)'), {p8:Array(UInt32)}, toUInt32({p6:UInt32}))) * toUInt64({p9:UInt32}) + transform(network_type, CAST({p10:Array(String)}, 'Array(String)'), {p8:Array(UInt32)}, toUInt32({p6:UInt32})), {p11:Array(UInt64)}, {p8:Array(UInt32)}, toUInt32({p6:UInt32})) AS position, direction, packets AS value
    FROM
    (
    SELECT bucket, region, network_type, direction, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p12:DateTime('UTC')} AND bucket < {p13:DateTime('UTC')} AND direction IN {p14:Array(String)}
    )
        )
        GROUP BY bucket
    )
    {"p1":101,"p2":"ingress","p3":"egress","p4":1,"p5":2,"p6":0,"p7":["US-West","EU-Central"],"p8":[1,2],"p9":3,"p10":["Hosting","CDN"],"p11":[4,8],"p12":"1793577600","p13":"1794182400","p14":["ingress","egress"]}",
    ]
  `);
});

test('traffic by type of a day, with the day before', async () => {
  expect(
    await statements('from=2026-11-03T00:00:00Z&to=2026-11-04T00:00:00Z&compare=previous&by=type&top=2'),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
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
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 5 MINUTE, {p1:String}), {p1:String})) AS start, transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":[1,2],"p4":0,"p5":"1793577600","p6":"1793664000","p7":["ingress","egress"]}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 5 MINUTE, {p1:String}), {p1:String})) AS start, transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":[1,2],"p4":0,"p5":"1793664000","p6":"1793750400","p7":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32}), sumIf(toUInt128(value), position = {p4:UInt32})] AS series
        FROM
        (
    SELECT bucket, transform(network_type, CAST({p5:Array(String)}, 'Array(String)'), {p6:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, bytes AS value
    FROM
    (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM types_5m
    WHERE bucket >= {p7:DateTime('UTC')} AND bucket < {p8:DateTime('UTC')} AND direction IN {p9:Array(String)}
    )
        )
        GROUP BY bucket
    )
    {"p1":15,"p2":1,"p3":2,"p4":0,"p5":["Hosting","CDN"],"p6":[1,2],"p7":"1793664000","p8":"1793750400","p9":["ingress","egress"]}",
    ]
  `);
});
