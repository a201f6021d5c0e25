import { expect, test, vi } from 'vitest';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreOverTime } from './exploreOverTime';
import { ownStatementsOf } from './testing/golden';

// What Explore sends for sums over time from raw flows; see golden.test.ts.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const statements = (query: string, kept: Parameters<typeof ownStatementsOf>[3] = {}) =>
  ownStatementsOf(exploreOverTime, answerExploreOverTime, query, kept);

test('by exporter and service port of two hours, which no rollup holds together', async () => {
  expect(
    await statements(
      'from=2026-11-22T06:00:00Z&to=2026-11-22T08:00:00Z&compare=none&by=exporter,servicePort&top=2',
    ),
  ).toMatchInlineSnapshot(`
    [
      "SELECT [k1, k2] AS keys, found, toString(weight) AS weight
    FROM
    (
        SELECT toString(exporter) AS k1, toString(service_port) AS k2, weight, count() OVER () AS found
        FROM
        (
            SELECT exporter, service_port, sum(toUInt128(bytes)) AS weight
            FROM
            (
    SELECT toDateTime(slot.1 * {p1:UInt64}, 'UTC') AS bucket, exporter, service_port, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p2:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p2:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p2:UInt64} - start_ms), divisor))) AS upto
        SELECT
            exporter, if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port)) AS service_port, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p3:UInt64}), least(end_slot, {p4:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p5:DateTime64(3, 'UTC')} AND ts_start < {p6:DateTime64(3, 'UTC')} AND direction IN {p7:Array(String)}
    )
            )
            GROUP BY exporter, service_port
        )
        ORDER BY weight DESC, k1, k2
        LIMIT {p8:UInt32}
    )
    {"p1":60,"p2":60000,"p3":29922120,"p4":29922240,"p5":"1795323600.000","p6":"1795334400.000","p7":["ingress","egress"],"p8":2}",
      "SELECT position, way, groupArray(start) AS starts, groupArray(total) AS sums
    FROM
    (
        SELECT toUnixTimestamp(toDateTime(toStartOfInterval(bucket, INTERVAL 1 MINUTE, {p1:String}), {p1:String})) AS start, transform((transform(exporter, CAST({p2:Array(String)}, 'Array(String)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32}))) * toUInt64({p5:UInt32}) + transform(service_port, CAST({p6:Array(String)}, 'Array(UInt16)'), {p3:Array(UInt32)}, toUInt32({p4:UInt32})), {p7:Array(UInt64)}, {p3:Array(UInt32)}, toUInt32({p4:UInt32})) AS position, '' AS way,
            sum(toUInt128(bytes)) AS total
        FROM
        (
    SELECT toDateTime(slot.1 * {p8:UInt64}, 'UTC') AS bucket, exporter, service_port, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p9:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p9:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p9:UInt64} - start_ms), divisor))) AS upto
        SELECT
            exporter, if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port)) AS service_port, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p10:UInt64}), least(end_slot, {p11:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p12:DateTime64(3, 'UTC')} AND ts_start < {p13:DateTime64(3, 'UTC')} AND direction IN {p14:Array(String)}
    )
        )
        GROUP BY start, position, way
        ORDER BY start
    )
    GROUP BY position, way
    {"p1":"UTC","p2":["192.0.2.1","192.0.2.2"],"p3":[1,2],"p4":0,"p5":3,"p6":["443","53"],"p7":[4,8],"p8":60,"p9":60000,"p10":29922120,"p11":29922240,"p12":"1795323600.000","p13":"1795334400.000","p14":["ingress","egress"]}",
      "SELECT sumForEach(series) AS sums,
        arrayMap(values -> arrayPartialReverseSort({p1:UInt32}, values)[{p1:UInt32}], groupArrayForEach(series)) AS p95s
    FROM
    (
        SELECT [sum(toUInt128(value)), sumIf(toUInt128(value), position = {p2:UInt32}), sumIf(toUInt128(value), position = {p1:UInt32}), sumIf(toUInt128(value), position = {p3:UInt32})] AS series
        FROM
        (
    SELECT bucket, transform((transform(exporter, CAST({p4:Array(String)}, 'Array(String)'), {p5:Array(UInt32)}, toUInt32({p3:UInt32}))) * toUInt64({p6:UInt32}) + transform(service_port, CAST({p7:Array(String)}, 'Array(UInt16)'), {p5:Array(UInt32)}, toUInt32({p3:UInt32})), {p8:Array(UInt64)}, {p5:Array(UInt32)}, toUInt32({p3:UInt32})) AS position, bytes AS value
    FROM
    (
    SELECT toDateTime(slot.1 * {p9:UInt64}, 'UTC') AS bucket, exporter, service_port, slot.2 AS bytes, slot.3 AS packets, slot.4 AS flow_records,
        if(sampling_rate > 1, packets_raw * slot.4, 0) AS sampled_packets
    FROM
    (
        WITH
            toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
            start_ms + duration_ms AS end_ms,
            intDiv(start_ms, {p10:UInt64}) AS first_slot,
            toUInt64(intDiv(toUInt64(greatest(end_ms, start_ms + 1) - 1), {p10:UInt64}) + 1) AS end_slot,
            greatest(duration_ms, 1) AS divisor,
            (total, edge) -> toUInt64(multiIf(edge >= end_slot, total, edge <= first_slot, 0, intDiv(toUInt128(total) * (edge * {p10:UInt64} - start_ms), divisor))) AS upto
        SELECT
            exporter, if(proto IN (1, 58) OR least(src_port, dst_port) >= 32768, toUInt16(0), least(src_port, dst_port)) AS service_port, sampling_rate, packets_raw,
            arrayJoin(arrayMap(
                i -> (i, toUInt64(upto(bytes, i + 1) - upto(bytes, i)), toUInt64(upto(packets, i + 1) - upto(packets, i)), toUInt8(i = first_slot)),
                range(greatest(first_slot, {p11:UInt64}), least(end_slot, {p12:UInt64})))) AS slot
        FROM flows
        WHERE counted = 1 AND ts_start >= {p13:DateTime64(3, 'UTC')} AND ts_start < {p14:DateTime64(3, 'UTC')} AND direction IN {p15:Array(String)}
    )
    )
        )
        GROUP BY bucket
    )
    {"p1":2,"p2":1,"p3":0,"p4":["192.0.2.1","192.0.2.2"],"p5":[1,2],"p6":3,"p7":["443","53"],"p8":[4,8],"p9":300,"p10":300000,"p11":5984424,"p12":5984448,"p13":"1795323600.000","p14":"1795334400.000","p15":["ingress","egress"]}",
    ]
  `);
});
