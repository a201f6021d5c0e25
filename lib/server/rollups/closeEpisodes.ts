import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { connect, localTable, select } from '@/lib/server/ingest/connect';
import { startOf } from '@/lib/server/ingest/reconcile/days';
import { tableKeptSince } from '@/lib/server/ingest/reconcile/retention';
import { episodesSql, LEAST_EPISODE_BYTES } from './episodesSql';

const DAY_MS = 86_400_000;
/** How far back an episode is followed from the day of its end; one that is longer is marked as cut. */
const LOOK_BACK_DAYS = 7;
const DEFAULT_GAP_SECONDS = 1_860;

const COLUMNS = [
  'ended',
  'started',
  'direction',
  'remote_address',
  'local_address',
  'region',
  'network_type',
  'remote_as',
  'exporter',
  'bytes',
  'packets',
  'flow_records',
  'peak_minute',
  'peak_bytes',
  'gap_seconds',
  'cut',
].join(', ');

export interface EpisodesReport {
  /** UTC days that were closed, `2026-11-21`, and how many episodes end on each. */
  days: { day: string; episodes: number }[];
}

/**
 * Stores the episodes of 1 GB and more that ended on each closed UTC day: the watermark has passed its end and the longest gap after it, so
 * none of them can go on. A day that got records later is made again, as a whole and in one step. Days of which raw flows are gone stay.
 *
 * @param watermark epoch seconds; null = nothing has ever arrived
 */
export async function closeEpisodes(
  target: ClickHouseTarget,
  watermark: number | null,
  options: {
    least?: number;
    onStep?: (text: string) => void;
    signal?: AbortSignal | undefined;
  } = {},
): Promise<EpisodesReport> {
  const report: EpisodesReport = { days: [] };
  if (watermark === null) return report;
  const client = connect(target, 'owner');
  try {
    const gapMs = 1000 * (await longestGap(client, target.database));
    for (const dayMs of await openDays(client, target, watermark * 1000 - gapMs)) {
      options.signal?.throwIfAborted();
      const day = new Date(dayMs).toISOString().slice(0, 10);
      options.onStep?.(`episodes of ${day}`);
      const episodes = await closeDay(client, target, dayMs, gapMs, options.least ?? LEAST_EPISODE_BYTES);
      report.days.push({ day, episodes });
    }
    return report;
  } finally {
    await client.close();
  }
}

async function closeDay(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  dayMs: number,
  gapMs: number,
  least: number,
): Promise<number> {
  const episodes = `${target.database}.episodes`;
  const staging = `${episodes}_closing`;
  // Read before the records are: what comes meanwhile makes the day again.
  const closedAt = Date.now();
  const partition = Number(new Date(dayMs).toISOString().slice(0, 10).replaceAll('-', ''));
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  await client.command({
    query: `CREATE TABLE ${staging} AS ${episodes} ENGINE = MergeTree PARTITION BY toYYYYMMDD(ended) ORDER BY (ended, direction, remote_address, local_address)`,
  });
  try {
    // A pair with less than the least in all days that are looked at cannot have such an episode.
    const pairs = `SELECT direction, remote_address, local_address FROM ${target.database}.pairs_1d
      WHERE direction IN ('ingress', 'egress') AND bucket >= toDateTime({pairsFrom:UInt32}, 'UTC') AND bucket <= toDateTime({pairsTo:UInt32}, 'UTC')
      GROUP BY direction, remote_address, local_address
      HAVING sum(toUInt128(bytes)) >= {least:UInt64} AND max(bucket) >= toDateTime({day:UInt32}, 'UTC')`;
    const from = dayMs - LOOK_BACK_DAYS * DAY_MS;
    await client.command({
      query: `INSERT INTO ${staging} (${COLUMNS}) SELECT ${COLUMNS} FROM (${episodesSql(target.database, localTable(target, 'flows'), pairs)})`,
      query_params: {
        from,
        to: dayMs + DAY_MS + gapMs,
        endFrom: dayMs,
        endTo: dayMs + DAY_MS,
        least,
        day: dayMs / 1000 - 86_400,
        pairsFrom: from / 1000,
        pairsTo: (dayMs + DAY_MS) / 1000,
      },
      clickhouse_settings: { async_insert: 0, max_bytes_before_external_sort: '1000000000' },
    });
    const [made] = await select<{ rows: string }>(client, `SELECT count() AS rows FROM ${staging}`);
    await client.command({
      query: `ALTER TABLE ${episodes} REPLACE PARTITION ${partition} FROM ${staging}`,
      clickhouse_settings: { allow_replace_partition_from_empty_source: 1 } as Record<string, number>,
    });
    await client.insert({
      table: `${target.database}.episode_days`,
      format: 'JSONEachRow',
      values: [
        { day: dayMs / 1000, episodes: Number(made?.rows ?? 0), closed_at: (closedAt / 1000).toFixed(3) },
      ],
      clickhouse_settings: { async_insert: 0 },
    });
    return Number(made?.rows ?? 0);
  } finally {
    await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  }
}

/** UTC days (ms) with flows that are over at `until` (ms) and were never closed, or got records since; oldest first. */
async function openDays(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  until: number,
): Promise<number[]> {
  const { database } = target;
  const kept = await tableKeptSince(client, localTable(target, 'flows'));
  const rows = await select<{ day: number }>(
    client,
    `SELECT d.day AS day FROM (SELECT DISTINCT toUnixTimestamp(toDateTime(toStartOfDay(bucket, 'UTC'), 'UTC')) AS day FROM ${database}.pairs_1d) AS d
     LEFT JOIN (SELECT toUnixTimestamp(day) AS day, max(closed_at) AS closed_at FROM ${database}.episode_days GROUP BY day) AS c ON d.day = c.day
     LEFT JOIN (
       SELECT toUnixTimestamp(toDateTime(touched, 'UTC')) AS day, max(created_at) AS newest FROM ${database}.ingest_batches
       ARRAY JOIN arrayMap(i -> toStartOfDay(first_start, 'UTC') + toIntervalDay(i),
         range(toUInt32(least(400, greatest(0, dateDiff('day', first_start, last_end)) + 1)))) AS touched
       WHERE accepted > 0 GROUP BY day) AS b ON d.day = b.day
     WHERE (toInt64(d.day) + 86400) * 1000 <= {until:Int64} AND d.day >= {kept:UInt32}
       AND (toUnixTimestamp64Milli(c.closed_at) = 0 OR b.newest > c.closed_at)
     ORDER BY day`,
    { until: Math.floor(until), kept: kept === 0 ? 0 : startOf(kept) / 1000 },
  );
  return rows.map(({ day }) => day * 1000);
}

async function longestGap(client: ClickHouseClient, database: string): Promise<number> {
  const [row] = await select<{ gap: string }>(
    client,
    `SELECT toString(max(active_timeout + idle_timeout)) AS gap FROM ${database}.exporters`,
  );
  return Math.max(DEFAULT_GAP_SECONDS, Number(row?.gap ?? 0));
}
