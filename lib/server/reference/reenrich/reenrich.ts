import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget, Targets } from '@/lib/server/env';
import { connect, localTable, select } from '@/lib/server/ingest/connect';
import { dayOf } from '@/lib/server/ingest/encodeRow';
import { createIngestLock } from '@/lib/server/ingest/ingestLock';
import { longestRecordMs } from '@/lib/server/ingest/reconcile/compareRollup';
import { endOf } from '@/lib/server/ingest/reconcile/days';
import { lookAtRollups } from '@/lib/server/ingest/reconcile/lookAtRollups';
import { tableKeptSince } from '@/lib/server/ingest/reconcile/retention';
import { findRollups, type Rollup } from '@/lib/server/ingest/reconcile/rollups';
import { enrichAgain } from './enrichAgain';
import { reenrichDay, staleColumns } from './reenrichDay';

export interface ReenrichOptions {
  /** UTC days (YYYYMMDD), both included, of the starts of the records; default: every day of which flows is kept. */
  from?: number;
  to?: number;
  /** Find and report only. */
  dryRun?: boolean;
  onProgress?(text: string): void;
  /** Stops between two days or rollups; the next run goes on. */
  signal?: AbortSignal;
}

export interface ReenrichReport {
  /** UTC days (YYYYMMDD) that were looked at. */
  looked: number;
  /** Days whose records are enriched differently now. */
  days: number[];
  /** Rollup partitions made again. */
  partitions: number;
  seconds: number;
}

/**
 * Gives stored records what is known now: types, regions, links, own prefixes, ASNs, places, and sampling rates that were unknown. Days of
 * which nothing changes are left alone. Then every rollup is made again from flows for those days, so that nothing counts twice and nothing
 * is missing. What is older than flows is kept cannot be made again: its rollups keep what was known when the records came.
 *
 * Imports wait while a day is swapped in or a rollup partition is made, and go on between. A run cut short (also by kill -9) is finished by
 * the next: the days are noted before flows changes.
 *
 * @throws Error naming the rollup that could not be made again
 */
export async function reenrich(targets: Targets, options: ReenrichOptions = {}): Promise<ReenrichReport> {
  const started = performance.now();
  const target = targets.clickhouse;
  const client = connect(target, 'owner');
  const lock = createIngestLock(targets.databaseUrl, target.database);
  try {
    const again = await enrichAgain(client, target);
    const held = await daysOfFlows(client, target, options);
    const stale: number[] = [];
    const changed = new Set<string>();
    for (const [index, day] of held.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.(
        `comparing stored records with what is known now, day ${index + 1} of ${held.length}`,
      );
      const columns = await staleColumns(client, target, again, day);
      if (columns.length > 0) stale.push(day);
      for (const column of columns) changed.add(column);
    }
    const report = { looked: held.length, days: stale, partitions: 0, seconds: 0 };
    if (options.dryRun !== true) {
      // What an earlier run changed and did not finish is not known any more: then every rollup is in doubt.
      const doubtful = (await unfinishedDays(client)).length > 0 ? null : changed;
      for (const [index, day] of stale.entries()) {
        options.signal?.throwIfAborted();
        options.onProgress?.(`writing records anew, day ${index + 1} of ${stale.length}`);
        await note(client, [day], 'begun');
        await lock.alone(() => reenrichDay(client, target, again, day));
      }
      report.partitions = await remakeRollups(client, target, lock.alone, doubtful, options);
    }
    return { ...report, seconds: (performance.now() - started) / 1000 };
  } finally {
    await Promise.all([client.close(), lock.close()]);
  }
}

/** Days that an earlier run began and did not finish. */
export async function unfinishedDays(client: ClickHouseClient): Promise<number[]> {
  const rows = await select<{ day: number }>(
    client,
    `SELECT day FROM reenriched_days FINAL WHERE state = 'begun' ORDER BY day`,
    {},
    { optimize_move_to_prewhere_if_final: 0 },
  );
  return rows.map(({ day }) => day);
}

async function remakeRollups(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  alone: <T>(run: () => Promise<T>) => Promise<T>,
  changed: ReadonlySet<string> | null,
  { onProgress, signal }: ReenrichOptions,
): Promise<number> {
  const begun = await unfinishedDays(client);
  if (begun.length === 0) return 0;
  const flows = localTable(target, 'flows');
  const longest = await longestRecordMs(client, flows);
  // What begins on a day reaches into the days after it.
  const days = new Set<number>();
  for (const day of begun) {
    for (let at = endOf(day) - 86_400_000; at < endOf(day) + longest; at += 86_400_000) days.add(dayOf(at));
  }
  const rollups = madeFrom(changed, (await findRollups(client, target)).rollups);
  let partitions = 0;
  for (const [index, rollup] of rollups.entries()) {
    signal?.throwIfAborted();
    onProgress?.(`making rollups again, ${index + 1} of ${rollups.length}: ${rollup.name}`);
    const findings = await alone(async () =>
      lookAtRollups(
        {
          client,
          target,
          mend: true,
          always: true,
          kept: await tableKeptSince(client, flows),
          unmended: new Set(),
          leftOut: [],
        },
        [rollup],
        [...days].sort((a, b) => a - b),
      ),
    );
    const left = findings.find(({ mended }) => !mended);
    if (left !== undefined)
      throw new Error(`${left.text}. Run npm run reconcile, then npm run reference -- reenrich.`);
    partitions += findings.length;
  }
  await note(client, begun, 'done');
  return partitions;
}

/** Rollups whose SELECT names a changed column, and those made from them; null = all. */
function madeFrom(changed: ReadonlySet<string> | null, rollups: readonly Rollup[]): readonly Rollup[] {
  if (changed === null) return rollups;
  const touched = new Set<string>();
  for (const { name, source, select: query } of rollups) {
    const words = new Set(query.match(/\w+/g));
    if (touched.has(source) || [...changed].some((column) => words.has(column))) touched.add(name);
  }
  return rollups.filter(({ name }) => touched.has(name));
}

async function daysOfFlows(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  { from = 0, to = 99_999_999 }: ReenrichOptions,
): Promise<number[]> {
  const rows = await select<{ day: number }>(
    client,
    `SELECT DISTINCT toYYYYMMDD(ts_start) AS day FROM ${localTable(target, 'flows')}
     WHERE day >= {from:UInt32} AND day <= {to:UInt32} ORDER BY day`,
    { from, to },
  );
  return rows.map(({ day }) => day);
}

async function note(client: ClickHouseClient, days: number[], state: 'begun' | 'done'): Promise<void> {
  const at = new Date().toISOString().slice(0, 23).replace('T', ' ');
  await client.insert({
    table: 'reenriched_days',
    format: 'JSONEachRow',
    values: days.map((day) => ({ day, state, at })),
    clickhouse_settings: { async_insert: 0 },
  });
}
