import { expect, test, vi } from 'vitest';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { answerExploreGroups } from './exploreGroups';
import { ownStatementsOf } from './testing/golden';

// What Explore and the heatmaps send for sums of groups; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreGroups, answerExploreGroups, query, kept);

test('volume by weekday and hour of UTC', async () => {
  expect(
    await statements('from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&by=weekday,hour'),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [a1, a2] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < {p1:DateTime('UTC')}) AS settled,
        sum(toUInt128(sampled_packets)) AS sampled
    FROM
    (
        SELECT bucket, indexOf({p2:Array(UInt32)}, toUInt32(toDayOfWeek(bucket, 0, {p3:String}))) AS a1, indexOf({p4:Array(UInt32)}, toUInt32(toHour(bucket, {p3:String}))) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, bytes, packets, flow_records, sampled_packets
    FROM types_1h
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":[1,2,3,4,5,6,7],"p3":"UTC","p4":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23],"p5":"1793577600","p6":"1794182400","p7":["ingress","egress"]}",
    ]
  `);
});

test('volume by weekday and hour of Nepal, whose hours begin a quarter before those of UTC', async () => {
  expect(
    await statements(
      'from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&by=weekday,hour&zone=Asia/Kathmandu',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [a1, a2] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < {p1:DateTime('UTC')}) AS settled,
        sum(toUInt128(sampled_packets)) AS sampled
    FROM
    (
        SELECT bucket, indexOf({p2:Array(UInt32)}, toUInt32(toDayOfWeek(bucket, 0, {p3:String}))) AS a1, indexOf({p4:Array(UInt32)}, toUInt32(toHour(bucket, {p3:String}))) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, bytes, packets, flow_records, sampled_packets
    FROM totals_5m
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":[1,2,3,4,5,6,7],"p3":"Asia/Kathmandu","p4":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23],"p5":"1793577600","p6":"1794182400","p7":["ingress","egress"]}",
    ]
  `);
});

test('volume by region and type against the week before', async () => {
  expect(
    await statements(
      'from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=previous&by=region,type&top=2&delta=1',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(region) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT region, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, region, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY region
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1793577600","p2":"1794182400","p3":["ingress","egress"],"p4":2}",
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
      "SELECT [a1, a2] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < {p1:DateTime('UTC')}) AS settled,
        sum(toUInt128(sampled_packets)) AS sampled
    FROM
    (
        SELECT bucket, transform(region, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS a1, transform(network_type, CAST({p5:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":["US-West","EU-Central"],"p3":[1,2],"p4":3,"p5":["Hosting","CDN"],"p6":"1793577600","p7":"1794182400","p8":["ingress","egress"]}",
      "SELECT [a1, a2] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < {p1:DateTime('UTC')}) AS settled,
        sum(toUInt128(sampled_packets)) AS sampled
    FROM
    (
        SELECT bucket, transform(region, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS a1, transform(network_type, CAST({p5:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":["US-West","EU-Central"],"p3":[1,2],"p4":3,"p5":["Hosting","CDN"],"p6":"1792972800","p7":"1793577600","p8":["ingress","egress"]}",
    ]
  `);
});
