import 'server-only';
import { type ClickHouseClient, SettingsMap } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable } from '../connect';
import { differing, type SumsByUnit, sumsOfRollup } from './compareRollup';
import { endOf, startOf } from './days';
import type { Rollup } from './rollups';

/**
 * Makes the given units of one month partition of a rollup again from its source, and swaps the partition in. Units that agree are
 * copied as they are: raw data of other days may have expired. Each unit is made by a statement of its own, since a month of
 * uniqueness states at once would not fit into memory.
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
    for (const unit of units) {
      await client.command({
        query: `INSERT INTO ${staging} (${columns}) SELECT ${columns} FROM (${rollup.select})
          WHERE toYYYYMM(bucket) = {partition:UInt32} AND ${unitOf}(bucket) = {unit:UInt32}`,
        query_params: { partition, unit },
        clickhouse_settings: {
          ...REBUILD_SETTINGS,
          additional_table_filters: SettingsMap.from({
            [rollup.source]: sourceFilter(target, rollup, unit, longestMs),
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

/** Rows of the source that can contribute to a unit. */
function sourceFilter(target: ClickHouseTarget, rollup: Rollup, unit: number, longestMs: number): string {
  // As numbers: quotes would not survive the way a map setting is passed.
  const time = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${ms}))`;
  return rollup.source === localTable(target, 'flows')
    ? `ts_start >= ${time(startOf(unit) - longestMs - 1)} AND ts_start < ${time(endOf(unit))}`
    : `bucket >= ${time(startOf(unit))} AND bucket < ${time(endOf(unit))}`;
}
