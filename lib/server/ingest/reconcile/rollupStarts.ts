import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable, select } from '../connect';
import { dayOf } from '../encodeRow';
import { startOf } from './days';

/**
 * First UTC day (YYYYMMDD) from which rollups are complete that were added to a database with data; 0 = from the beginning. Rollups that
 * stood there from the start are not named. Names carry the database.
 */
export type RollupStarts = Map<string, number>;

/** What the database remembers. A day that has begun already counts as incomplete. */
export async function readRollupStarts(
  client: ClickHouseClient,
  target: ClickHouseTarget,
): Promise<RollupStarts> {
  const rows = await select<{ table: string; seconds: number }>(
    client,
    `SELECT table_name AS table, toUnixTimestamp(argMax(complete_from, set_at)) AS seconds FROM ${target.database}.rollup_starts
     GROUP BY table_name HAVING seconds > 0`,
  );
  return new Map(
    rows.map(({ table, seconds }) => [localTable(target, table), dayOf(seconds * 1000 + 86_399_999)]),
  );
}

/** Writes down from when on the rollups are complete now, so that questions about the past go to them. */
export async function noteRollupStarts(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  starts: RollupStarts,
): Promise<void> {
  if (starts.size === 0) return;
  const [first] = await select<{ seconds: number }>(
    client,
    `SELECT toUnixTimestamp(min(bucket)) AS seconds FROM ${target.database}.coverage_5m`,
  );
  const now = Date.now() / 1000;
  await client.insert({
    table: `${target.database}.rollup_starts`,
    format: 'JSONEachRow',
    values: [...starts].map(([name, day]) => {
      const seconds = day === 0 ? 0 : startOf(day) / 1000;
      return {
        table_name: name.slice(target.database.length + 1).replace(/_local$/, ''),
        // Where nothing older was ever stored, nothing is missing.
        complete_from: seconds <= (first?.seconds ?? 0) ? 0 : seconds,
        set_at: now.toFixed(3),
      };
    }),
    clickhouse_settings: { async_insert: 0 },
  });
}

/** Rollups that were added to a database with data, and that no reconcile has made from it yet. */
export async function unfilledRollups(client: ClickHouseClient, database: string): Promise<string[]> {
  const rows = await select<{ table: string }>(
    client,
    `SELECT table_name AS table FROM ${database}.rollup_starts GROUP BY table_name
     HAVING argMax(complete_from, set_at) > max(set_at) ORDER BY table`,
  );
  return rows.map(({ table }) => table);
}
