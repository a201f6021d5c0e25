import 'server-only';
import type { Targets } from '@/lib/server/env';
import { connect, localTable, select } from '../connect';
import { dayOf } from '../encodeRow';
import { createIngestLock } from '../ingestLock';
import { longestRecordMs } from './compareRollup';
import { monthsOf, startOf } from './days';
import { lookAtRollups } from './lookAtRollups';
import { keptSince } from './retention';
import { findRollups } from './rollups';

/** Rollups with this column count in it the records that came before the address table, and so have no country and metro. */
const UNPLACED = 'unplaced_records';

export interface PlacedRollups {
  /** UTC days of which rollups were made again. */
  days: number;
  partitions: number;
}

/**
 * Gives rollups the countries and metros that flows got after the records had been stored (mendGeo): makes them again from flows on the
 * days on which they still count records without a place. A run cut short is finished by the next. Imports wait a month of days at a time.
 *
 * @throws Error naming the partition that could not be made again
 */
export async function placeRollups(
  targets: Targets,
  { onProgress, signal }: { onProgress?: (text: string) => void; signal?: AbortSignal | undefined } = {},
): Promise<PlacedRollups> {
  const target = targets.clickhouse;
  const client = connect(target, 'owner');
  const lock = createIngestLock(targets.databaseUrl, target.database);
  try {
    const { rollups } = await findRollups(client, target);
    const concerned = rollups.filter(({ columns }) => columns.includes(UNPLACED));
    const [first] = concerned.filter(({ unit }) => unit === 'day');
    if (first === undefined) return { days: 0, partitions: 0 };
    const flows = localTable(target, 'flows');
    const unplaced = await select<{ day: number }>(
      client,
      `SELECT toYYYYMMDD(bucket) AS day FROM ${first.name} WHERE ${UNPLACED} > 0 AND day IN (SELECT toYYYYMMDD(ts_start) FROM ${flows}) GROUP BY day`,
    );
    if (unplaced.length === 0) return { days: 0, partitions: 0 };
    const longest = await longestRecordMs(client, flows);
    // What begins on a day reaches into the days after it.
    const days = new Set<number>();
    for (const { day } of unplaced) {
      for (let at = startOf(day); at < startOf(day) + 86_400_000 + longest; at += 86_400_000)
        days.add(dayOf(at));
    }
    const all = [...days].sort((a, b) => a - b);
    const months = monthsOf(all);
    let partitions = 0;
    for (const [index, month] of months.entries()) {
      signal?.throwIfAborted();
      onProgress?.(`countries and metros: making rollups again, month ${index + 1} of ${months.length}`);
      const findings = await lock.alone(async () =>
        lookAtRollups(
          {
            client,
            target,
            mend: true,
            always: true,
            kept: await keptSince(client, target.database, flows.slice(target.database.length + 1)),
            unmended: new Set(),
            leftOut: [],
          },
          concerned,
          all.filter((day) => Math.floor(day / 100) === month),
        ),
      );
      const left = findings.find(({ mended }) => !mended);
      if (left !== undefined) throw new Error(`${left.text}. Run npm run reconcile, then start again.`);
      partitions += findings.length;
    }
    return { days: all.length, partitions };
  } finally {
    await Promise.all([client.close(), lock.close()]);
  }
}
