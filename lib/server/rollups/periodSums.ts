import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { TimeRange } from '@/lib/flows/presets';
import { select } from '@/lib/server/ingest/connect';

/** What a period had when it was closed: texts of integers, over all four directions. */
export interface PeriodSums {
  bytes: string;
  packets: string;
  records: string;
  /** changes where traffic moves from one region, network type or direction to another: modulo 2^64, the sum of bytes x a hash of the three */
  signature: string;
}

/** Periods of large networks have more addresses than fit into memory. */
export const LARGE = {
  max_bytes_before_external_group_by: '1000000000',
  max_bytes_before_external_sort: '1000000000',
};

/** Condition on rows of a table of days, or of months, for parameters `from` and `to`. */
export const IN_PERIOD =
  "bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')";

/** Sums of a period over all four directions. @param period whole UTC days, epoch seconds */
export async function sumsOf(
  client: ClickHouseClient,
  table: string,
  { from, to }: TimeRange,
): Promise<PeriodSums> {
  const [row] = await select<PeriodSums>(
    client,
    `SELECT toString(sum(toUInt128(t.bytes))) AS bytes, toString(sum(toUInt128(t.packets))) AS packets, toString(sum(t.flow_records)) AS records,
       toString(${signatureOf('t')}) AS signature
     FROM ${table} AS t WHERE ${IN_PERIOD}`,
    { from, to },
  );
  return row ?? { bytes: '0', packets: '0', records: '0', signature: '0' };
}

/** The signature of a period's rows, the same from every rollup with these columns: `queries/explore/unchangedMonths` compares them. */
function signatureOf(rows: string): string {
  return `sum(toUInt64(${rows}.bytes) * cityHash64(toString(${rows}.region), toString(${rows}.network_type), toString(${rows}.direction)))`;
}
