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
      "SELECT [k1] AS keys, found
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
      "SELECT [a1, a2] AS at, sum(toUInt128(value)) AS total, sumIf(toUInt128(value), bucket < {p1:DateTime('UTC')}) AS settled,
        sum(toUInt128(sampled_packets)) AS sampled
    FROM
    (
        SELECT bucket, if(indexOf(CAST({p2:Array(String)}, 'Array(String)'), region) = 0, {p3:UInt32}, indexOf(CAST({p2:Array(String)}, 'Array(String)'), region)) AS a1, if(indexOf(CAST({p4:Array(String)}, 'Array(String)'), network_type) = 0, {p3:UInt32}, indexOf(CAST({p4:Array(String)}, 'Array(String)'), network_type)) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":["US-West","EU-Central"],"p3":3,"p4":["Hosting","CDN"],"p5":"1793577600","p6":"1794182400","p7":["ingress","egress"]}",
      "SELECT [a1, a2] AS at, arrayReverseSort(groupArray(total / slot_seconds))[{p1:Array(UInt32)}[indexOf({p2:Array(UInt32)}, 0)]] AS p95
    FROM
    (
        SELECT slot, a1, a2, sum(toUInt128(value)) AS total, transform(toUnixTimestamp(slot), {p3:Array(UInt32)}, {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS slot_seconds
        FROM
        (
            SELECT bucket AS slot, if(indexOf(CAST({p5:Array(String)}, 'Array(String)'), region) = 0, {p6:UInt32}, indexOf(CAST({p5:Array(String)}, 'Array(String)'), region)) AS a1, if(indexOf(CAST({p7:Array(String)}, 'Array(String)'), network_type) = 0, {p6:UInt32}, indexOf(CAST({p7:Array(String)}, 'Array(String)'), network_type)) AS a2, bytes AS value
            FROM
            (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p8:DateTime('UTC')} AND bucket < {p9:DateTime('UTC')} AND direction IN {p10:Array(String)}
            )
        )
        GROUP BY slot, a1, a2
        HAVING slot_seconds > 0
    )
    GROUP BY a1, a2
    {"p1":[101],"p2":[0],"p3":[],"p4":300,"p5":["US-West","EU-Central"],"p6":3,"p7":["Hosting","CDN"],"p8":"1793577600","p9":"1794182400","p10":["ingress","egress"]}",
      "SELECT [a1] AS at, arrayReverseSort(groupArray(total / slot_seconds))[{p1:Array(UInt32)}[indexOf({p2:Array(UInt32)}, 0)]] AS p95
    FROM
    (
        SELECT slot, a1, sum(toUInt128(value)) AS total, transform(toUnixTimestamp(slot), {p3:Array(UInt32)}, {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS slot_seconds
        FROM
        (
            SELECT bucket AS slot, if(indexOf(CAST({p5:Array(String)}, 'Array(String)'), region) = 0, {p6:UInt32}, indexOf(CAST({p5:Array(String)}, 'Array(String)'), region)) AS a1, bytes AS value
            FROM
            (
    SELECT bucket, region, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p7:DateTime('UTC')} AND bucket < {p8:DateTime('UTC')} AND direction IN {p9:Array(String)}
            )
        )
        GROUP BY slot, a1
        HAVING slot_seconds > 0
    )
    GROUP BY a1
    {"p1":[101],"p2":[0],"p3":[],"p4":300,"p5":["US-West","EU-Central"],"p6":3,"p7":"1793577600","p8":"1794182400","p9":["ingress","egress"]}",
      "SELECT [a1] AS at, arrayReverseSort(groupArray(total / slot_seconds))[{p1:Array(UInt32)}[indexOf({p2:Array(UInt32)}, 0)]] AS p95
    FROM
    (
        SELECT slot, a1, sum(toUInt128(value)) AS total, transform(toUnixTimestamp(slot), {p3:Array(UInt32)}, {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS slot_seconds
        FROM
        (
            SELECT bucket AS slot, if(indexOf(CAST({p5:Array(String)}, 'Array(String)'), network_type) = 0, {p6:UInt32}, indexOf(CAST({p5:Array(String)}, 'Array(String)'), network_type)) AS a1, bytes AS value
            FROM
            (
    SELECT bucket, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p7:DateTime('UTC')} AND bucket < {p8:DateTime('UTC')} AND direction IN {p9:Array(String)}
            )
        )
        GROUP BY slot, a1
        HAVING slot_seconds > 0
    )
    GROUP BY a1
    {"p1":[101],"p2":[0],"p3":[],"p4":300,"p5":["Hosting","CDN"],"p6":3,"p7":"1793577600","p8":"1794182400","p9":["ingress","egress"]}",
      "SELECT [] AS at, arrayReverseSort(groupArray(total / slot_seconds))[{p1:Array(UInt32)}[indexOf({p2:Array(UInt32)}, 0)]] AS p95
    FROM
    (
        SELECT slot, sum(toUInt128(value)) AS total, transform(toUnixTimestamp(slot), {p3:Array(UInt32)}, {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS slot_seconds
        FROM
        (
            SELECT bucket AS slot, bytes AS value
            FROM
            (
    SELECT bucket, bytes, packets, flow_records, sampled_packets
    FROM traffic_5m
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
            )
        )
        GROUP BY slot
        HAVING slot_seconds > 0
    )

    {"p1":[101],"p2":[0],"p3":[],"p4":300,"p5":"1793577600","p6":"1794182400","p7":["ingress","egress"]}",
    ]
  `);
});

test('bits per address by type and country of a quarter', async () => {
  expect(
    await statements('range=2026-Q3&compare=none&measure=magnitude&by=type,country&top=2'),
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
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"],"p4":2}",
      "SELECT [k1] AS keys, found
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
        SELECT bucket, if(indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type) = 0, {p3:UInt32}, indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type)) AS a1, if(indexOf(CAST({p4:Array(String)}, 'Array(String)'), country) = 0, {p3:UInt32}, indexOf(CAST({p4:Array(String)}, 'Array(String)'), country)) AS a2, bytes AS value, sampled_packets
        FROM
        (
    SELECT bucket, network_type, country, bytes, packets, flow_records, sampled_packets
    FROM places_1d
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
    )
    GROUP BY a1, a2
    {"p1":"1795341300","p2":["Hosting","CDN"],"p3":3,"p4":["US","DE"],"p5":"1782864000","p6":"1790812800","p7":["ingress","egress"]}",
      "SELECT [a1, a2] AS at, uniqCombined64Merge(17)(states) AS addresses, sum(cell_bytes) AS bytes
    FROM
    (
        SELECT if(indexOf(CAST({p1:Array(String)}, 'Array(String)'), network_type) = 0, {p2:UInt32}, indexOf(CAST({p1:Array(String)}, 'Array(String)'), network_type)) AS a1, if(indexOf(CAST({p3:Array(String)}, 'Array(String)'), country) = 0, {p2:UInt32}, indexOf(CAST({p3:Array(String)}, 'Array(String)'), country)) AS a2, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
        FROM
        (
    SELECT bucket, network_type, country, addresses, bytes, packets, flow_records
    FROM uniques_place_1mo
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)}
        ) AS s
        GROUP BY a1, a2
    )
    GROUP BY GROUPING SETS ((a1, a2), (a1), (a2), ())
    {"p1":["Hosting","CDN"],"p2":3,"p3":["US","DE"],"p4":"1782864000","p5":"1790812800","p6":["ingress","egress"]}",
    ]
  `);
});
