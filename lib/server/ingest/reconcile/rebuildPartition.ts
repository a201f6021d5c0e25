import 'server-only';
import { type ClickHouseClient, SettingsMap } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable } from '../connect';
import { differing, type SumsByUnit, sumsOfRollup } from './compareRollup';
import { rangeOf } from './days';
import type { Rollup } from './rollups';

/**
 * Makes the given units of one month partition of a rollup again from its source, and swaps the partition in. Units that agree are
 * copied as they are: raw data of other days may have expired. A statement makes few units at a time, since a month of uniqueness states at
 * once would not fit into memory.
 *
 * @param partition YYYYMM
 * @param units days (YYYYMMDD), or the month itself
 * @param longestMs longest record in ms, which says how far before a day its source reaches
 * @param expected what the units must come to; a partition that does not is not swapped in
 * @returns whether the partition was swapped in
 */
export async function rebuildPartition(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  rollup: Rollup,
  partition: number,
  units: number[],
  longestMs: number,
  expected: SumsByUnit,
): Promise<boolean> {
  const staging = `${rollup.name}_rebuild`;
  const columns = rollup.columns.join(', ');
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  await client.command({
    query: `CREATE TABLE ${staging} AS ${rollup.name} ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (${rollup.sortingKey})`,
  });
  try {
    const unitOf = rollup.unit === 'day' ? 'toYYYYMMDD' : 'toYYYYMM';
    await client.command({
      query: `INSERT INTO ${staging} (${columns}) SELECT ${columns} FROM ${rollup.name}
        WHERE toYYYYMM(bucket) = {partition:UInt32} AND ${unitOf}(bucket) NOT IN {units:Array(UInt32)}`,
      query_params: { partition, units },
      clickhouse_settings: REBUILD_SETTINGS,
    });
    for (const chunk of chunksOf(rollup, units, expected)) {
      await client.command({
        query: `INSERT INTO ${staging} (${columns}) SELECT ${columns} FROM (${rollup.select})
          WHERE toYYYYMM(bucket) = {partition:UInt32} AND ${unitOf}(bucket) IN {chunk:Array(UInt32)}`,
        query_params: { partition, chunk },
        clickhouse_settings: {
          ...REBUILD_SETTINGS,
          additional_table_filters: SettingsMap.from({
            [rollup.source]: sourceFilter(target, rollup, chunk, longestMs),
          }),
        },
      });
    }
    if (differing(units, expected, await sumsOfRollup(client, staging, rollup.unit, units)).length > 0)
      return false;
    await client.command({
      query: `ALTER TABLE ${rollup.name} REPLACE PARTITION ${partition} FROM ${staging}`,
    });
    return true;
  } finally {
    await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  }
}

const REBUILD_SETTINGS = {
  async_insert: 0,
  max_partitions_per_insert_block: '1000',
  wait_end_of_query: 1,
} as const;

/** A statement makes days of this many records at most, or a single day. */
const MOST_RECORDS = 1_000_000n;

/** Units that one statement makes: several where they are small, one where it has states of addresses, which take much memory. */
function chunksOf(rollup: Rollup, units: number[], expected: SumsByUnit): number[][] {
  if (rollup.columns.includes('addresses')) return units.map((unit) => [unit]);
  const chunks: number[][] = [];
  let records = MOST_RECORDS;
  for (const unit of units) {
    const own = expected.get(unit)?.records ?? 0n;
    if (records + own > MOST_RECORDS || chunks.length === 0) {
      chunks.push([]);
      records = 0n;
    }
    chunks.at(-1)?.push(unit);
    records += own;
  }
  return chunks;
}

/** Rows of the source that can contribute to these units. */
function sourceFilter(target: ClickHouseTarget, rollup: Rollup, units: number[], longestMs: number): string {
  const [from, to] = rangeOf(units);
  // As numbers: quotes would not survive the way a map setting is passed.
  const time = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}))`;
  return rollup.source === localTable(target, 'flows')
    ? `ts_start >= ${time(from - longestMs - 1)} AND ts_start < ${time(to)}`
    : `bucket >= ${time(from)} AND bucket < ${time(to)}`;
}
