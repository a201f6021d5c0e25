import { expect, test, vi } from 'vitest';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from './exploreOverTime';
import { at, ownStatementsOf } from './testing/golden';

// What Explore sends for addresses of closed months; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const SINCE = at('2026-10-18T00:00:00Z');
const GONE = { flows: SINCE, endpoints_1d: SINCE, pairs_1d: SINCE };

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreOverTime, answerExploreOverTime, query, kept);

test('traffic by remote address, when days are gone', async () => {
  expect(
    await statements(
      'from=2026-07-01T00:00:00Z&to=2026-10-01T00:00:00Z&compare=none&by=remoteAddress&top=2',
      GONE,
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT sum(flow_records) AS records FROM totals_5m WHERE (bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')})
    {"p1":"1782864000","p2":"1790812800"}",
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(remote_address) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT remote_address, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, remote_address, bytes, packets, flow_records, sampled_packets
    FROM heavy_addresses_1mo
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)} AND rank > 0
            )
            GROUP BY remote_address
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"],"p4":2}",
      "SELECT sum(if(earlier, cells, least(cells, month_most))) AS most, max(some) AS isSome, max(seen) AS atLeast
    FROM
    (
        SELECT bucket, max(is_earlier) AS earlier, sum(cell_most) AS cells, max(whole_most) AS month_most, max(has_others) AS some, max(keys) AS seen
        FROM
        (
            SELECT bucket, region, network_type, direction, maxIf(rule = 0, rank = 0) AS is_earlier,
                sumIf(if(rule = 0, toUInt128(bytes), toUInt128(most_bytes)), rank = 0) AS cell_most,
                maxIf(toUInt128(month_most_bytes), rank = 0) AS whole_most, max(rank = 0) AS has_others, countIf(rank > 0) + sum(others) AS keys
            FROM
            (
    SELECT bucket, region, network_type, direction, rank, rule, others, bytes, most_bytes, month_most_bytes
    FROM heavy_addresses_1mo
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY bucket, region, network_type, direction
        )
        GROUP BY bucket
    )
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"]}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 MONTH, {p1:String}), {p1:String})) AS start, transform(remote_address, CAST({p2:Array(String)}, 'Array(IPv6)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, remote_address, bytes, packets, flow_records, sampled_packets
    FROM heavy_addresses_1mo
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["::ffff:192.0.2.7","2001:db8:1:2::"],"p3":[1,2],"p4":0,"p5":"1782864000","p6":"1790812800","p7":["ingress","egress"]}",
      "SELECT sum(if(earlier, cells, least(cells, month_most))) AS most, max(some) AS isSome, max(seen) AS atLeast
    FROM
    (
        SELECT bucket, max(is_earlier) AS earlier, sum(cell_most) AS cells, max(whole_most) AS month_most, max(has_others) AS some, max(keys) AS seen
        FROM
        (
            SELECT bucket, region, network_type, direction, maxIf(rule = 0, rank = 0) AS is_earlier,
                sumIf(if(rule = 0, toUInt128(bytes), toUInt128(most_bytes)), rank = 0) AS cell_most,
                maxIf(toUInt128(month_most_bytes), rank = 0) AS whole_most, max(rank = 0) AS has_others, countIf(rank > 0) + sum(others) AS keys
            FROM
            (
    SELECT bucket, region, network_type, direction, rank, rule, others, bytes, most_bytes, month_most_bytes
    FROM heavy_addresses_1mo
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY bucket, region, network_type, direction
        )
        GROUP BY bucket
    )
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"]}",
    ]
  `);
});
