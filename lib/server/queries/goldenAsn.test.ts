import { expect, test, vi } from 'vitest';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from './exploreOverTime';
import { at, ownStatementsOf } from './testing/golden';

// What Explore sends for both grains of p95; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreOverTime, answerExploreOverTime, query, kept);

test('traffic by ASN with p95 of five minutes, while raw flows are kept', async () => {
  expect(
    await statements('from=2026-11-20T00:00:00Z&to=2026-11-22T00:00:00Z&compare=none&by=asn&top=2'),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(remote_as) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT remote_as, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, remote_as, bytes, packets, flow_records, sampled_packets
    FROM asns_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY remote_as
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1795132800","p2":"1795305600","p3":["ingress","egress"],"p4":2}",
      "SELECT sum(flow_records) AS records FROM totals_5m WHERE (bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')})
    {"p1":"1795132800","p2":"1795305600"}",
      "SELECT toString(asn) AS key, dictGetOrDefault('as_name_dict', 'organisation', toUInt64(asn), '') AS name FROM (SELECT arrayJoin({p1:Array(UInt32)}) AS asn)
    {"p1":[64500,64501]}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 HOUR, {p1:String}), {p1:String})) AS start, transform(remote_as, CAST({p2:Array(String)}, 'Array(UInt32)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT bucket, remote_as, bytes, packets, flow_records, sampled_packets
    FROM asns_1h
    WHERE bucket >= {p5:DateTime('UTC')} AND bucket < {p6:DateTime('UTC')} AND direction IN {p7:Array(String)}
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["64500","64501"],"p3":[1,2],"p4":0,"p5":"1795132800","p6":"1795305600","p7":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32}), sumIf(toUInt128(value), position = {p4:UInt32})] AS series
        FROM
        (
    SELECT bucket, transform(remote_as, CAST({p5:Array(String)}, 'Array(UInt32)'), {p6:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, bytes AS value
    FROM
    (
    SELECT toDateTime(slot.1 * {p7:UInt64}, 'UTC') AS bucket, remote_as, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
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
            remote_as, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p9:UInt64}), least(end_slot, {p10:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p11:DateTime64(3, 'UTC')} AND ts_start < {p12:DateTime64(3, 'UTC')} AND direction IN {p13:Array(String)}
    )
    )
        )
        GROUP BY bucket
    )
    {"p1":29,"p2":1,"p3":2,"p4":0,"p5":["64500","64501"],"p6":[1,2],"p7":300,"p8":300000,"p9":5983776,"p10":5984352,"p11":"1795129200.000","p12":"1795305600.000","p13":["ingress","egress"]}",
    ]
  `);
});

test('traffic by ASN with p95 of hourly means, when they are gone', async () => {
  expect(
    await statements('from=2026-08-03T00:00:00Z&to=2026-08-10T00:00:00Z&compare=none&by=asn&top=2', {
      flows: at('2026-10-18T00:00:00Z'),
    }),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(remote_as) AS k1, weight, count() OVER () AS found
        FROM
        (
            SELECT remote_as, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT bucket, remote_as, bytes, packets, flow_records, sampled_packets
    FROM asns_1d
    WHERE bucket >= {p1:DateTime('UTC')} AND bucket < {p2:DateTime('UTC')} AND direction IN {p3:Array(String)}
            )
            GROUP BY remote_as
        )
        ORDER BY weight DESC, k1
        LIMIT {p4:UInt32}
    )
    {"p1":"1785715200","p2":"1786320000","p3":["ingress","egress"],"p4":2}",
      "SELECT toString(asn) AS key, dictGetOrDefault('as_name_dict', 'organisation', toUInt64(asn), '') AS name FROM (SELECT arrayJoin({p1:Array(UInt32)}) AS asn)
    {"p1":[64500,64501]}",
      "SELECT position, way, groupArray(hour) AS hours, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toStartOfHour(bucket)) AS hour, position, '' AS way, sum(toUInt128(value)) AS total
        FROM
        (
    SELECT bucket, transform(remote_as, CAST({p1:Array(String)}, 'Array(UInt32)'), {p2:Array(UInt32)}, toUInt32({p3:UInt32})) AS position, bytes AS value
    FROM
    (
    SELECT bucket, remote_as, bytes, packets, flow_records, sampled_packets
    FROM asns_1h
    WHERE bucket >= {p4:DateTime('UTC')} AND bucket < {p5:DateTime('UTC')} AND direction IN {p6:Array(String)}
    )
        )
        GROUP BY hour, position, way
        ORDER BY hour
    )
    GROUP BY position, way
    {"p1":["64500","64501"],"p2":[1,2],"p3":0,"p4":"1785715200","p5":"1786320000","p6":["ingress","egress"]}",
    ]
  `);
});
