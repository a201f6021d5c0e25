import { expect, test, vi } from 'vitest';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from './exploreOverTime';
import { ownStatementsOf } from './testing/golden';

// What a filter becomes in statements; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreOverTime, answerExploreOverTime, query, kept);

test('alternatives, exclusions, a network and a name', async () => {
  expect(
    await statements(
      'from=2026-11-02T00:00:00Z&to=2026-11-09T00:00:00Z&compare=none&by=region&top=2&filter=(type%20=%20CDN%20or%20asn%20~%20google)%20and%20not%20remote%20in%20192.0.2.0/24',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT sum(flow_records) AS records FROM totals_5m WHERE (bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')})
    {"p1":"1793577600","p2":"1794182400"}",
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
    FROM endpoints_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)} AND NOT (remote_address BETWEEN {p4:IPv6} AND {p5:IPv6}) AND (remote_as IN (SELECT asn FROM as_names WHERE multiSearchAnyCaseInsensitiveUTF8(organisation, {p6:Array(String)})) OR network_type IN {p7:Array(String)})
            )
            GROUP BY region
        )
        ORDER BY weight DESC, k1
        LIMIT {p8:UInt32}
    )
    {"p1":"1793577600","p2":"1794182400","p3":["ingress","egress"],"p4":"::ffff:192.0.2.0","p5":"::ffff:192.0.2.255","p6":["google"],"p7":["CDN"],"p8":2}",
      "SELECT sum(flow_records) AS records FROM totals_5m WHERE (bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')})
    {"p1":"1793577600","p2":"1794182400"}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 30 MINUTE, {p1:String}), {p1:String})) AS start, transform(region, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT toDateTime(slot.1 * {p5:UInt64}, 'UTC') AS bucket, region, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p6:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p6:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p6:UInt64} - start_ms), divisor))) AS upto
        SELECT
            region, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p7:UInt64}), least(end_slot, {p8:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p9:DateTime64(3, 'UTC')} AND ts_start < {p10:DateTime64(3, 'UTC')} AND direction IN {p11:Array(String)} AND NOT (remote_ip BETWEEN {p12:IPv6} AND {p13:IPv6}) AND (remote_as IN (SELECT asn FROM as_names WHERE multiSearchAnyCaseInsensitiveUTF8(organisation, {p14:Array(String)})) OR network_type IN {p15:Array(String)})
    )
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["US-West","EU-Central"],"p3":[1,2],"p4":0,"p5":60,"p6":60000,"p7":29892960,"p8":29903040,"p9":"1793574000.000","p10":"1794182400.000","p11":["ingress","egress"],"p12":"::ffff:192.0.2.0","p13":"::ffff:192.0.2.255","p14":["google"],"p15":["CDN"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32}), sumIf(toUInt128(value), position = {p4:UInt32})] AS series
        FROM
        (
    SELECT bucket, transform(region, CAST({p5:Array(String)}, 'Array(String)'), {p6:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, bytes AS value
    FROM
    (
    SELECT toDateTime(slot.1 * {p7:UInt64}, 'UTC') AS bucket, region, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p8:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p8:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p8:UInt64} - start_ms), divisor))) AS upto
        SELECT
            region, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p9:UInt64}), least(end_slot, {p10:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p11:DateTime64(3, 'UTC')} AND ts_start < {p12:DateTime64(3, 'UTC')} AND direction IN {p13:Array(String)} AND NOT (remote_ip BETWEEN {p14:IPv6} AND {p15:IPv6}) AND (remote_as IN (SELECT asn FROM as_names WHERE multiSearchAnyCaseInsensitiveUTF8(organisation, {p16:Array(String)})) OR network_type IN {p17:Array(String)})
    )
    )
        )
        GROUP BY bucket
    )
    {"p1":101,"p2":1,"p3":2,"p4":0,"p5":["US-West","EU-Central"],"p6":[1,2],"p7":300,"p8":300000,"p9":5978592,"p10":5980608,"p11":"1793574000.000","p12":"1794182400.000","p13":["ingress","egress"],"p14":"::ffff:192.0.2.0","p15":"::ffff:192.0.2.255","p16":["google"],"p17":["CDN"]}",
    ]
  `);
});
