import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { select } from '../connect';
import { rangeOf } from './days';
import type { Rollup } from './rollups';

/** What is compared; modulo 2^64, as the columns are. */
export interface Sums {
  records: bigint;
  bytes: bigint;
  packets: bigint;
}

export type SumsByUnit = Map<number, Sums>;

interface Row {
  unit: number;
  records: string;
  bytes: string;
  packets: string;
}

/**
 * What the counted rows of flows put into each UTC day: whole records by the day of their start, bytes and packets spread over the
 * days they touch. The part before a midnight is floor(total x overlap / duration) whatever the slots are, since slots are
 * differences of that very sum; so one scan serves rollups of every bucket width.
 *
 * @param days YYYYMMDD, ascending
 * @param longestMs longest duration of a record, in ms: how far before a day its bytes can start
 */
export async function sumsOfFlows(
  client: ClickHouseClient,
  flows: string,
  days: number[],
  longestMs: number,
): Promise<SumsByUnit> {
  const [from, to] = rangeOf(days);
  const rows = await select<Row>(
    client,
    `WITH toUInt64(toUnixTimestamp64Milli(ts_start)) AS start_ms,
       intDiv(start_ms, 86400000) AS first_day,
       intDiv(start_ms + greatest(duration_ms, 1) - 1, 86400000) AS last_day
     SELECT unit, sum(records) AS records, sum(bytes) AS bytes, sum(packets) AS packets FROM (
       SELECT toYYYYMMDD(ts_start) AS unit, count() AS records,
         sum(bytes_raw * sampling_rate) AS bytes, sum(packets_raw * sampling_rate) AS packets
       FROM ${flows}
       WHERE counted = 1 AND first_day = last_day AND ts_start >= {from:DateTime64(3, 'UTC')} AND ts_start < {to:DateTime64(3, 'UTC')}
       GROUP BY unit
       UNION ALL
       SELECT toYYYYMMDD(toDate(toUInt16(piece.1))) AS unit, sum(piece.2) AS records, sum(piece.3) AS bytes, sum(piece.4) AS packets
       FROM (
         WITH bytes_raw * sampling_rate AS total_bytes, packets_raw * sampling_rate AS total_packets,
           arrayMap(i -> if(i = 0, 0, if(first_day + i > last_day, duration_ms, (first_day + i) * 86400000 - start_ms)),
             range(last_day - first_day + 2)) AS cuts,
           arrayMap(c -> toUInt64(intDiv(toUInt128(total_bytes) * c, duration_ms)), cuts) AS bytes_until,
           arrayMap(c -> toUInt64(intDiv(toUInt128(total_packets) * c, duration_ms)), cuts) AS packets_until
         SELECT arrayJoin(arrayMap(i -> (first_day + i, toUInt64(i = 0), toUInt64(bytes_until[i + 2] - bytes_until[i + 1]),
           toUInt64(packets_until[i + 2] - packets_until[i + 1])), range(last_day - first_day + 1))) AS piece
         FROM ${flows}
         WHERE counted = 1 AND first_day != last_day AND ts_start >= {early:DateTime64(3, 'UTC')} AND ts_start < {to:DateTime64(3, 'UTC')}
       )
       GROUP BY unit
     )
     WHERE unit IN {days:Array(UInt32)} GROUP BY unit`,
    { from: from / 1000, to: to / 1000, early: (from - longestMs - 1) / 1000, days },
  );
  return byUnit(rows);
}

/** Longest duration of any record, ms. */
export async function longestRecordMs(client: ClickHouseClient, flows: string): Promise<number> {
  const [row] = await select<{ longest: number }>(client, `SELECT max(duration_ms) AS longest FROM ${flows}`);
  return row?.longest ?? 0;
}

/** Sums of a rollup by UTC day (YYYYMMDD) or month (YYYYMM). */
export async function sumsOfRollup(
  client: ClickHouseClient,
  table: string,
  unit: Rollup['unit'],
  units: number[],
): Promise<SumsByUnit> {
  const [from, to] = rangeOf(units);
  const rows = await select<Row>(
    client,
    `SELECT ${unit === 'day' ? 'toYYYYMMDD' : 'toYYYYMM'}(bucket) AS unit, sum(flow_records) AS records, sum(bytes) AS bytes, sum(packets) AS packets
     FROM ${table} WHERE bucket >= {from:DateTime('UTC')} AND bucket < {to:DateTime('UTC')} GROUP BY unit
     HAVING unit IN {units:Array(UInt32)}`,
    { from: from / 1000, to: to / 1000, units },
  );
  return byUnit(rows);
}

/** Units in which two sides differ. */
export function differing(units: number[], expected: SumsByUnit, actual: SumsByUnit): number[] {
  const none: Sums = { records: 0n, bytes: 0n, packets: 0n };
  return units.filter((unit) => {
    const a = expected.get(unit) ?? none;
    const b = actual.get(unit) ?? none;
    return a.records !== b.records || a.bytes !== b.bytes || a.packets !== b.packets;
  });
}

/** UTC days (YYYYMMDD) of which a table holds anything. */
export async function daysHeld(client: ClickHouseClient, table: string, column: string): Promise<number[]> {
  const rows = await select<{ day: number }>(
    client,
    `SELECT DISTINCT toYYYYMMDD(${column}) AS day FROM ${table} ORDER BY day`,
  );
  return rows.map(({ day }) => day);
}

function byUnit(rows: Row[]): SumsByUnit {
  return new Map(
    rows.map((row) => [
      row.unit,
      { records: BigInt(row.records), bytes: BigInt(row.bytes), packets: BigInt(row.packets) },
    ]),
  );
}
