import { expect, test, vi } from 'vitest';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { answerExploreGroups } from './exploreGroups';
import { ownStatementsOf } from './testing/golden';

// What Explore and the heatmaps send for figures of groups that are not sums; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreGroups, answerExploreGroups, query, kept);

test('p95 by region and type', async () => {
  expect(
    await statements(
      'from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&measure=p95&by=region,type&top=2',
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
      "SELECT [a1, a2] AS at, arrayPartialReverseSort({p1:UInt32}, sumForEach(sums))[{p1:UInt32}] / {p2:UInt32} AS p95
    FROM
    (
        SELECT transform(region, CAST({p3:Array(String)}, 'Array(String)'), {p4:Array(UInt32)}, toUInt32({p5:UInt32})) AS a1, transform(network_type, CAST({p6:Array(String)}, 'Array(String)'), {p4:Array(UInt32)}, toUInt32({p5:UInt32})) AS a2, sumResample(0, {p7:UInt32}, 1)(toUInt128(bytes), intDiv(toUInt32(bucket) - {p8:UInt32}, {p2:UInt32})) AS sums
        FROM
        (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p9:DateTime('UTC')} AND bucket < {p10:DateTime('UTC')} AND direction IN {p11:Array(String)}
        )
        GROUP BY a1, a2
    )
    GROUP BY GROUPING SETS ((a1, a2), (a1), (a2), ())
    {"p1":101,"p2":300,"p3":["US-West","EU-Central"],"p4":[1,2],"p5":3,"p6":["Hosting","CDN"],"p7":2016,"p8":1793577600,"p9":"1793577600","p10":"1794182400","p11":["ingress","egress"]}",
    ]
  `);
});

test('bits per address by type and country of a quarter', async () => {
  expect(
    await statements('range=2026-Q3&compare=none&measure=magnitude&by=type,country&top=2'),
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
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"],"p4":2}",
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
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"],"p4":2}",
      "SELECT [a1, a2] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < {p1:DateTime('UTC')}) AS settled,
        sum(toUInt128(sampled_packets)) AS sampled
    FROM
    (
        SELECT bucket, transform(network_type, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS a1, transform(country, CAST({p5:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, network_type, country, bytes, packets, flow_records, sampled_packets
    FROM places_1d
    WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":["Hosting","CDN"],"p3":[1,2],"p4":3,"p5":["US","DE"],"p6":"1782864000","p7":"1790812800","p8":["ingress","egress"]}",
      "SELECT [a1, a2] AS at, uniqCombined64Merge(17)(states) AS addresses, sum(cell_bytes) AS bytes
    FROM
    (
        SELECT transform(network_type, CAST({p1:Array(String)}, 'Array(String)'), {p2:Array(UInt32)}, toUInt32({p3:UInt32})) AS a1, transform(country, CAST({p4:Array(String)}, 'Array(String)'), {p2:Array(UInt32)}, toUInt32({p3:UInt32})) AS a2, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
        FROM
        (
    SELECT bucket, network_type, country, addresses, bytes, packets, flow_records
    FROM uniques_place_1mo
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        ) AS s
        GROUP BY a1, a2
    )
    GROUP BY GROUPING SETS ((a1, a2), (a1), (a2), ())
    {"p1":["Hosting","CDN"],"p2":[1,2],"p3":3,"p4":["US","DE"],"p5":"1782864000","p6":"1790812800","p7":["ingress","egress"]}",
    ]
  `);
});
