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
      "SELECT [k1] AS keys, found
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
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 MONTH, {p1:String}), {p1:String})) AS start, if(indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type) = 0, {p3:UInt32}, indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type)) AS position,
            '' AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, addresses, bytes, packets, flow_records
    FROM uniques_1mo
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)}
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":3,"p4":"1782864000","p5":"1790812800","p6":["ingress","egress"]}",
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
      "SELECT [k1] AS keys, found
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
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 DAY, {p1:String}), {p1:String})) AS start, if(indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type) = 0, {p3:UInt32}, indexOf(CAST({p2:Array(String)}, 'Array(String)'), network_type)) AS position,
            '' AS way, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, network_type, addresses, bytes, packets, flow_records
    FROM uniques_1d
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)}
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["Hosting","CDN"],"p3":3,"p4":"1787529600","p5":"1795305600","p6":["ingress","egress"]}",
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
    {"p1":"1793577600","p2":"1794182400","p3":["ingress","egress"],"p4":2}",
      "SELECT c.position AS position, c.way AS way, c.start AS start, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.total) AS bytes
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 DAY, {p1:String}), {p1:String})) AS start, if(indexOf(CAST({p2:Array(String)}, 'Array(String)'), country) = 0, {p3:UInt32}, indexOf(CAST({p2:Array(String)}, 'Array(String)'), country)) AS position,
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
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)}
        )
        GROUP BY bucket, country
    )
        ) AS s
        GROUP BY start, position, way
    ) AS c
    GROUP BY GROUPING SETS ((position, way, start), (way, start), (position, way), (way))
    ORDER BY start
    {"p1":"UTC","p2":["US","DE"],"p3":3,"p4":"1793577600","p5":"1794182400","p6":["ingress","egress"]}",
    ]
  `);
});
