import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Contract } from '@/lib/flows/contracts/contract';
import { parseRequest } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { headline } from '@/lib/flows/contracts/headline';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { KEEPS_EVERYTHING } from '@/lib/flows/tables';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { compile, type Sql } from '@/lib/server/clickhouse/sql';
import type { Facts } from './facts';
import { answerHeadline } from './headline';
import { answerRegionTypeHeatmap } from './regionTypeHeatmap';
import { answerTrafficOverTime } from './trafficOverTime';

// What a question sends to ClickHouse, input and full statement side by side. Nothing runs here: parity.itest.ts and
// answers.itest.ts show that the statements are right, this shows when one changes.

const { sent, facts } = vi.hoisted(() => {
  const at = (text: string) => Date.parse(text) / 1000;
  const exporter = {
    exporter: '192.0.2.1',
    name: 'edge1',
    region: 'US-West',
    configured: true,
    retired: false,
    regions: ['US-West'],
    firstSeen: at('2025-07-01T00:00:00Z'),
    lastSeen: at('2026-11-22T09:55:00Z'),
    lastReceived: at('2026-11-22T09:59:50Z'),
    daysSeen: 500,
    lagSeconds: 60,
  };
  return {
    sent: [] as { query: string; parameters: Record<string, unknown> }[],
    facts: {
      now: at('2026-11-22T10:00:00Z'),
      exporters: [exporter],
      expected: [exporter],
      watermark: at('2026-11-22T09:55:00Z'),
      firstData: exporter.firstSeen,
      lastData: at('2026-11-22T10:00:00Z'),
      taxonomyVersion: 3,
      geoVersion: 1,
      lookback: 3_600,
      recordsPerSlot: 30,
    },
  };
});

vi.mock('./facts', () => ({
  loadFacts: async (): Promise<Facts> => ({ ...facts, retention: KEEPS_EVERYTHING }),
}));
vi.mock('@/lib/server/clickhouse/execute', () => ({
  execute: async (_: unknown, statement: Sql) => {
    const compiled = compile(statement);
    sent.push(compiled);
    if (compiled.query.includes('groupArray(start)'))
      return [{ type: 'Hosting', direction: '', starts: [], bytes: [] }];
    const isCoverage = compiled.query.includes('FROM coverage_5m');
    return isCoverage ? [{ exporter: '192.0.2.1', region: 'US-West', runs: [[0, 4_000_000_000]] }] : [];
  },
}));

beforeEach(() => {
  sent.length = 0;
});

async function statementsOf<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: never, context: QueryContext) => Promise<Answer<Rows>>,
  query: string,
): Promise<string[]> {
  const parsed = parseRequest(contract, new URLSearchParams(query));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const context = {
    question: contract.name,
    requestId: 'r',
    signal: new AbortController().signal,
    statements: [],
  };
  await answer(parsed.request as never, context);
  return sent.map(({ query: text, parameters }) => `${text}\n${JSON.stringify(parameters)}`);
}

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
        "SELECT exporter, region, arrayMap(run -> (run[1], toUInt32(run[-1] + 300)), arraySplit((slot, gap) -> gap > 600, slots, arrayDifference(slots))) AS runs
      FROM
      (
          SELECT exporter, region, arraySort(groupUniqArray(toUnixTimestamp(bucket))) AS slots
          FROM coverage_5m
          WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
          GROUP BY exporter, region
      )
      ORDER BY exporter, region
      {"p1":"1793246100","p2":"1794459900","p3":["192.0.2.1"]}",
        "SELECT type, way, sum(slot_bytes) AS coveredBytes,
          if({p1:UInt32} + count() > {p2:UInt32}, arraySort(groupArray(slot_bytes))[toInt64({p1:UInt32} + count()) - toInt64({p2:UInt32})], 0) AS p95Bytes
      FROM
      (
          SELECT slot, type, way, sum(packed_bytes) AS slot_bytes
          FROM
          (
              SELECT bitShiftRight(packed, 8) AS slot, toUInt8(bitAnd(bitShiftRight(packed, 2), 63)) AS type, toUInt8(bitAnd(packed, 3)) AS way, packed_bytes
              FROM
              (
                  SELECT toUInt32(bitShiftLeft(toUInt32(intDiv(toUnixTimestamp(bucket), 300)), 8) + toUInt32(transform(network_type, {p3:Array(String)}, {p4:Array(UInt8)}, {p5:UInt8})) * 4) AS packed, sum(toUInt128(bytes)) AS packed_bytes
                  FROM
                  (
      SELECT bucket, network_type, direction, bytes, packets, flow_records, sampled_packets
      FROM types_5m
      WHERE bucket >= {p6:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')} AND direction IN {p8:Array(String)} AND NOT (network_type IN {p9:Array(String)})
                  )
                  GROUP BY packed
              )
          )
          GROUP BY GROUPING SETS ((slot, type, way), (slot))
      )
      GROUP BY type, way
      ORDER BY type, way
      {"p1":3842,"p2":4044,"p3":["Hosting"],"p4":[1],"p5":63,"p6":"1793246400","p7":"1794459600","p8":["egress"],"p9":["CDN"]}",
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
      "SELECT exporter, region, arrayMap(run -> (run[1], toUInt32(run[-1] + 300)), arraySplit((slot, gap) -> gap > 600, slots, arrayDifference(slots))) AS runs
    FROM
    (
        SELECT exporter, region, arraySort(groupUniqArray(toUnixTimestamp(bucket))) AS slots
        FROM coverage_5m
        WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
        GROUP BY exporter, region
    )
    ORDER BY exporter, region
    {"p1":"1795254900","p2":"1795341900","p3":["192.0.2.1"]}",
      "SELECT type, way, sum(slot_bytes) AS coveredBytes,
        if({p1:UInt32} + count() > {p2:UInt32}, arraySort(groupArray(slot_bytes))[toInt64({p1:UInt32} + count()) - toInt64({p2:UInt32})], 0) AS p95Bytes
    FROM
    (
        SELECT slot, type, way, sum(packed_bytes) AS slot_bytes
        FROM
        (
            SELECT bitShiftRight(packed, 8) AS slot, toUInt8(bitAnd(bitShiftRight(packed, 2), 63)) AS type, toUInt8(bitAnd(packed, 3)) AS way, packed_bytes
            FROM
            (
                SELECT toUInt32(bitShiftLeft(toUInt32(intDiv(toUnixTimestamp(bucket), 300)), 8) + toUInt8(direction)) AS packed, sum(toUInt128(bytes)) AS packed_bytes
                FROM
                (
    SELECT bucket, direction, bytes, packets, flow_records, sampled_packets
    FROM regions_5m
    WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p4:DateTime('UTC')} AND direction IN {p5:Array(String)} AND region IN {p6:Array(String)}
                )
                WHERE bucket >= {p3:DateTime('UTC')} AND bucket < {p7:DateTime('UTC')}
                GROUP BY packed
            )
        )
        GROUP BY GROUPING SETS ((slot, type, way), (slot, type))
    )
    GROUP BY type, way
    ORDER BY type, way
    {"p1":273,"p2":287,"p3":"1795255200","p4":"1795341600","p5":["ingress","egress"],"p6":["US-West"],"p7":"1795341300"}",
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
      "SELECT exporter, region, arrayMap(run -> (run[1], toUInt32(run[-1] + 300)), arraySplit((slot, gap) -> gap > 600, slots, arrayDifference(slots))) AS runs
    FROM
    (
        SELECT exporter, region, arraySort(groupUniqArray(toUnixTimestamp(bucket))) AS slots
        FROM coverage_5m
        WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND exporter IN {p3:Array(String)}
        GROUP BY exporter, region
    )
    ORDER BY exporter, region
    {"p1":"1782863700","p2":"1790813100","p3":["192.0.2.1"]}",
    ]
  `);
});
