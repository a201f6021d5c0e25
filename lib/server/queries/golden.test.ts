import { describe, expect, test, vi } from 'vitest';
import { headline } from '@/lib/flows/contracts/headline';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { trafficMap } from '@/lib/flows/contracts/trafficMap';
import { trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { answerHeadline } from './headline';
import { answerRegionTypeHeatmap } from './regionTypeHeatmap';
import { statementsOf } from './testing/golden';
import { answerTrafficMap } from './trafficMap';
import { answerTrafficOverTime } from './trafficOverTime';

// What a question sends to ClickHouse, input and full statement side by side. Nothing runs here: parity.itest.ts and
// answers.itest.ts show that the statements are right, this shows when one changes.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);
vi.mock('./map/centers', () => ({
  metroCenters: async () => () => null,
  regionCenters: async () => () => null,
}));
describe('traffic over time', () => {
  test('of a week in New York, egress, without CDN', async () => {
    const statements = await statementsOf(
      trafficOverTime,
      answerTrafficOverTime,
      'from=2026-10-29T04:00:00Z&to=2026-11-12T05:00:00Z&zone=America/New_York&dir=egress&type=!CDN',
    );
    expect(statements).toMatchInlineSnapshot(`
      [
        "SELECT type, way AS direction, groupArray(start) AS starts, groupArray(total) AS bytes
      FROM
      (
          SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 HOUR, {p1:String}), {p1:String})) AS start, toString(network_type) AS type, '' AS way, sum(toUInt128(bytes)) AS total
          FROM
          (
      SELECT bucket, network_type, direction, bytes, packets, flow_records, sampled_packets
      FROM types_1h
      WHERE bucket >= {p2:DateTime('UTC')} AND bucket < {p3:DateTime('UTC')} AND direction IN {p4:Array(String)} AND NOT (network_type IN {p5:Array(String)})
          )
          GROUP BY start, type, way
          ORDER BY start
      )
      GROUP BY type, way
      {"p1":"America/New_York","p2":"1793246400","p3":"1794459600","p4":["egress"],"p5":["CDN"]}",
        "SELECT exporter, region, arraySort(groupArray((day, early_mask, late_mask))) AS days
      FROM
      (
          SELECT exporter, region, toUnixTimestamp(bucket) AS day, groupBitOr(early) AS early_mask, groupBitOr(late) AS late_mask
          FROM coverage_1d
          WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
          GROUP BY exporter, region, day
      )
      GROUP BY exporter, region
      ORDER BY exporter, region
      {"p1":"1793232000","p2":"1794459900","p3":["192.0.2.1"]}",
        "SELECT sumForEach(series) AS sums,
          arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
      FROM
      (
          SELECT [sum(toUInt128(bytes)), sumIf(toUInt128(bytes), network_type = {p2:String})] AS series
          FROM
          (
      SELECT bucket, network_type, direction, bytes, packets, flow_records, sampled_packets
      FROM types_5m
      WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p5:Array(String)} AND NOT (network_type IN {p6:Array(String)})
          )
          GROUP BY bucket
      )
      {"p1":203,"p2":"Hosting","p3":"1793246400","p4":"1794459600","p5":["egress"],"p6":["CDN"]}",
      ]
    `);
  });

  test('of an hour, mirrored, from raw flows', async () => {
    const [series] = await statementsOf(
      trafficOverTime,
      answerTrafficOverTime,
      'from=2026-11-22T08:00:00Z&to=2026-11-22T09:00:00Z&mirror=1',
    );
    expect(series).toMatchInlineSnapshot(`
      "SELECT type, way AS direction, groupArray(start) AS starts, groupArray(total) AS bytes
      FROM
      (
          SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 MINUTE, {p1:String}), {p1:String})) AS start, toString(network_type) AS type, toString(direction) AS way, sum(toUInt128(bytes)) AS total
          FROM
          (
      SELECT toDateTime(slot.1 * {p2:UInt64}, 'UTC') AS bucket, network_type, direction, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
          if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
      FROM
      (
          WITH
              toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
              start_ms + duration_ms AS end_ms,
              intDiv(start_ms, {p3:UInt64}) AS first_slot,
              toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p3:UInt64}) + 1) AS end_slot,
              greatest(duration_ms, 1) AS divisor,
              (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p3:UInt64} - start_ms), divisor))) AS upto
          SELECT
              network_type, direction, sampling_rate, packets_raw,
              arrayJoin(arrayMap(
                  i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                  range(greatest(first_slot, {p4:UInt64}), least(end_slot, {p5:UInt64})))) AS slot
          FROM flows
          WHERE counted = 1 AND ts_start >= {p6:DateTime64(3, 'UTC')} AND ts_start < {p7:DateTime64(3, 'UTC')} AND direction IN {p8:Array(String)}
      )
          )
          GROUP BY start, type, way
          ORDER BY start
      )
      GROUP BY type, way
      {"p1":"UTC","p2":60,"p3":60000,"p4":29922240,"p5":29922300,"p6":"1795330800.000","p7":"1795338000.000","p8":["ingress","egress"]}"
    `);
  });
});

test('the headline of a day up to now, compared with nothing', async () => {
  const statements = await statementsOf(headline, answerHeadline, 'range=24h&compare=none&region=US-West');
  expect(statements).toMatchInlineSnapshot(`
    [
      "SELECT sum(toUInt128(s.bytes)) AS bytes, sum(toUInt128(s.packets)) AS packets, sum(toUInt128(s.flow_records)) AS flowRecords
    FROM
    (
    SELECT bucket, direction, bytes, packets, flow_records, sampled_packets
    FROM traffic_1h
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)} AND region IN {p4:Array(String)}
    ) AS s
    {"p1":"1795255200","p2":"1795341600","p3":["ingress","egress"],"p4":["US-West"]}",
      "SELECT uniqCombined64Merge(17)(s.addresses) AS addresses, sum(toUInt128(s.bytes)) AS bytes
    FROM
    (
    SELECT addresses, bytes, packets, flow_records
    FROM uniques_1h
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)} AND region IN {p4:Array(String)}
    ) AS s
    {"p1":"1795255200","p2":"1795338000","p3":["ingress","egress"],"p4":["US-West"]}",
      "SELECT exporter, region, arraySort(groupUniqArray(toUnixTimestamp(bucket))) AS slots
    FROM coverage_5m
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
    GROUP BY exporter, region
    ORDER BY exporter, region
    {"p1":"1795254900","p2":"1795341900","p3":["192.0.2.1"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(bytes)), sumIf(toUInt128(bytes), direction = {p2:String}), sumIf(toUInt128(bytes), direction = {p3:String})] AS series
        FROM
        (
    SELECT bucket, direction, bytes, packets, flow_records, sampled_packets
    FROM regions_5m
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)} AND region IN {p7:Array(String)}
        )
        WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p8:DateTime('UTC')}
        GROUP BY bucket
    )
    {"p1":15,"p2":"ingress","p3":"egress","p4":"1795255200","p5":"1795341600","p6":["ingress","egress"],"p7":["US-West"],"p8":"1795341300"}",
    ]
  `);
});

test('the heatmap of a quarter', async () => {
  const statements = await statementsOf(regionTypeHeatmap, answerRegionTypeHeatmap, 'range=2026-Q3&ip=6');
  expect(statements).toMatchInlineSnapshot(`
    [
      "SELECT toString(s.region) AS region, toString(s.network_type) AS type, sum(toUInt128(s.bytes)) AS volume,
        sumIf(toUInt128(s.bytes), s.bucket < {p1:DateTime('UTC')}) AS settled, sum(toUInt128(s.sampled_packets)) AS sampledPackets
    FROM
    (
    SELECT bucket, region, network_type, bytes, packets, flow_records, sampled_packets
    FROM traffic_1d
    WHERE bucket >= {p2:DateTime('UTC')} AND bucket < {p3:DateTime('UTC')} AND direction IN {p4:Array(String)} AND ip_version IN {p5:Array(UInt8)}
    ) AS s
    GROUP BY GROUPING SETS ((region, type), (region), (type), ())
    {"p1":"1795341300","p2":"1782864000","p3":"1790812800","p4":["ingress","egress"],"p5":[6]}",
      "SELECT c.region AS region, c.type AS type, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.cell_bytes) AS bytes
    FROM
    (
        SELECT toString(s.region) AS region, toString(s.network_type) AS type, uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
        FROM
        (
    SELECT region, network_type, addresses, bytes, packets, flow_records
    FROM uniques_1mo
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)} AND ip_version IN {p4:Array(UInt8)}
        ) AS s
        GROUP BY region, type
    ) AS c
    GROUP BY GROUPING SETS ((region, type), (region), (type), ())
    {"p1":"1782864000","p2":"1790812800","p3":["ingress","egress"],"p4":[6]}",
      "SELECT exporter, region, arraySort(groupArray((day, early_mask, late_mask))) AS days
    FROM
    (
        SELECT exporter, region, toUnixTimestamp(bucket) AS day, groupBitOr(early) AS early_mask, groupBitOr(late) AS late_mask
        FROM coverage_1d
        WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
        GROUP BY exporter, region, day
    )
    GROUP BY exporter, region
    ORDER BY exporter, region
    {"p1":"1782777600","p2":"1790813100","p3":["192.0.2.1"]}",
    ]
  `);
});

test('the map of a quarter, egress', async () => {
  const statements = await statementsOf(trafficMap, answerTrafficMap, 'range=2026-Q3&dir=egress');
  expect(statements).toMatchInlineSnapshot(`
    [
      "SELECT toString(s.metro) AS name, sum(toUInt128(s.bytes)) AS total
    FROM
    (
    SELECT bucket, country, metro, network_type, region, direction, bytes, packets, flow_records, sampled_packets
    FROM places_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
    ) AS s
    WHERE s.metro != ''
    GROUP BY name
    ORDER BY total DESC, name
    LIMIT {p4:UInt32}
    {"p1":"1782864000","p2":"1790812800","p3":["egress"],"p4":150}",
      "SELECT exporter, region, arraySort(groupArray((day, early_mask, late_mask))) AS days
    FROM
    (
        SELECT exporter, region, toUnixTimestamp(bucket) AS day, groupBitOr(early) AS early_mask, groupBitOr(late) AS late_mask
        FROM coverage_1d
        WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
        GROUP BY exporter, region, day
    )
    GROUP BY exporter, region
    ORDER BY exporter, region
    {"p1":"1782777600","p2":"1790813100","p3":["192.0.2.1"]}",
      "SELECT land AS country, place, type, groupArray(start) AS starts, groupArray(total) AS bytes
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 WEEK, {p1:String}), {p1:String})) AS start, toString(s.country) AS land, if(s.metro IN {p2:Array(String)}, toString(s.metro), '') AS place,
            toString(s.network_type) AS type, sum(toUInt128(s.bytes)) AS total
        FROM
        (
    SELECT bucket, country, metro, network_type, region, direction, bytes, packets, flow_records, sampled_packets
    FROM places_1d
    WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p5:Array(String)}
        ) AS s
        GROUP BY start, land, place, type
    )
    GROUP BY land, place, type
    {"p1":"UTC","p2":[],"p3":"1782864000","p4":"1790812800","p5":["egress"]}",
      "SELECT toString(s.region) AS region, toString(s.country) AS country, if(s.metro IN {p1:Array(String)}, toString(s.metro), '') AS place,
        sumIf(toUInt128(s.bytes), s.direction = 'ingress') AS ingress, sumIf(toUInt128(s.bytes), s.direction = 'egress') AS egress
    FROM
    (
    SELECT bucket, country, metro, network_type, region, direction, bytes, packets, flow_records, sampled_packets
    FROM places_1d
    WHERE bucket >= {p2:DateTime('UTC')} AND bucket < {p3:DateTime('UTC')} AND direction IN {p4:Array(String)}
    ) AS s
    GROUP BY region, country, place
    {"p1":[],"p2":"1782864000","p3":"1790812800","p4":["egress"]}",
      "SELECT c.country AS country, c.place AS place, uniqCombined64Merge(17)(c.states) AS addresses, sum(c.cell_bytes) AS bytes
    FROM
    (
        SELECT concat('=', toString(s.country)) AS country, concat('=', if(s.metro IN {p1:Array(String)}, toString(s.metro), '')) AS place,
            uniqCombined64MergeState(17)(s.addresses) AS states, sum(toUInt128(s.bytes)) AS cell_bytes
        FROM
        (
    SELECT country, metro, addresses, bytes, packets, flow_records
    FROM uniques_place_1mo
    WHERE bucket >= {p2:DateTime('UTC')} AND bucket < {p3:DateTime('UTC')} AND direction IN {p4:Array(String)}
        ) AS s
        GROUP BY country, place
    ) AS c
    GROUP BY GROUPING SETS ((country, place), (country), ())
    {"p1":[],"p2":"1782864000","p3":"1790812800","p4":["egress"]}",
    ]
  `);
});
