import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable, select } from '../connect';
import { LANDING_COLUMNS } from '../encodeRow';
import { insertExporterCounts } from '../insertExporterCounts';
import { exactlyOnce, insertFlows, insertId, insertRejections } from '../insertRows';
import * as ledger from '../ledger';
import { withRetry } from '../retry';
import type { Spool } from '../spool';
import type { BatchContent } from './contentOf';
import { type StoredDay, storedDays, storedRejections } from './findBatches';
import { type BatchFinding, daysText } from './report';

export interface MendContext {
  client: ClickHouseClient;
  target: ClickHouseTarget;
  spool: Spool;
  /** First UTC day of which flows keeps everything. */
  keptSince: number;
  mend: boolean;
}

/**
 * Brings one suspect batch in order: days that are missing from flows are sent again under a token of their own, days that differ
 * are removed and sent again. A batch is one block, so a day of it was stored whole or not at all. Returns what was found, or null
 * where the batch was only left unfinished and is complete.
 */
export async function mendBatch(
  context: MendContext,
  batch: ledger.LedgerBatch,
  content: BatchContent,
): Promise<BatchFinding | null> {
  const { client, target, mend } = context;
  const { database } = target;
  if (mend) await sendExpiredDays(context, batch, content);
  const stored = await storedDays(client, database, batch);
  const rows = stored.reduce((sum, day) => sum + day.rows, 0);
  const rejected = await storedRejections(client, database, batch.key);
  const name = `batch ${batch.id.slice(0, 12)} of ${batch.sourceName} (records ${batch.offset} to ${batch.offset + batch.records - 1})`;
  const finding = (
    kind: BatchFinding['kind'],
    days: number[],
    mended: boolean,
    text: string,
  ): BatchFinding => ({
    id: batch.id,
    sourceName: batch.sourceName,
    kind,
    days,
    mended,
    text: `${name} ${text}`,
  });

  if (content.from === 'nowhere') {
    const complete =
      rows === batch.accepted && sumOf(stored, 'bytes') === batch.bytes && rejected >= batch.rejected;
    if (complete && batch.state !== 'committed') {
      if (mend) await commit(context, batch, batch.token);
      return finding('unfinished', [], mend, 'was not finished, and is complete');
    }
    if (complete) return null;
    if (mend && batch.state !== 'lost' && rows < batch.accepted) {
      await ledger.write(client, database, [{ ...batch, state: 'lost' }]);
    }
    return finding(
      rows > batch.accepted ? 'doubled' : rows < batch.accepted ? 'missing' : 'different',
      stored.map(({ day }) => day),
      false,
      `has ${rows} of ${batch.accepted} rows in flows, and cannot be made again: ${content.why}. Import ${batch.sourceName} again to complete it.`,
    );
  }

  const expected = content.from === 'remake' ? await remadeDays(client, content.select) : content.days;
  const wrong = wrongDays(expected, stored).filter(({ day }) => day >= context.keptSince);
  const rejectionsMissing = content.from !== 'remake' && rejected < content.rejections.length;
  if (wrong.length === 0 && !rejectionsMissing && batch.state === 'committed') return null;
  // Written before the records, so what lacks records may lack these; written again they change nothing.
  if (mend && content.from !== 'remake') {
    await insertExporterCounts(client, database, batch.key, content.exporters);
  }
  if (wrong.length === 0 && !rejectionsMissing) {
    if (mend) await commit(context, batch, batch.token);
    return finding('unfinished', [], mend, 'was not finished, and is complete');
  }
  const days = wrong.map(({ day }) => day);
  const missing = wrong.every((day) => day.stored === 0);
  const what =
    wrong.length === 0
      ? `lacks ${content.from === 'remake' ? 0 : content.rejections.length - rejected} rejected records`
      : missing
        ? `lacks ${wrong.reduce((sum, day) => sum + day.expected, 0)} of ${batch.accepted} rows in flows (${daysText(days)})`
        : `has other rows in flows than were sent (${wrong.map((day) => `${day.stored} instead of ${day.expected} on ${daysText([day.day])}`).join(', ')})`;
  const kind =
    wrong.length === 0
      ? 'rejections-missing'
      : missing
        ? 'missing'
        : wrong.some((day) => day.stored > day.expected)
          ? 'doubled'
          : 'different';
  if (!mend) return finding(kind, days, false, what);

  // Whoever comes after a kill of this program must look at it again.
  if (batch.state === 'committed') await ledger.write(client, database, [{ ...batch, state: 'pending' }]);
  const token = `${batch.id}:again:${Date.now()}`;
  if (content.from !== 'remake' && rejectionsMissing) {
    await insertRejections(
      client,
      target,
      batch,
      content.rejections,
      content.judgedAtMs,
      `${token}:rejected`,
    );
  }
  for (const day of wrong) {
    if (day.stored > 0) await removeDay(client, target, batch.key, day.day);
    if (day.expected > 0) await sendDay(context, batch, content, day.day, `${token}:${day.day}`);
  }
  const left = wrongDays(expected, await storedDays(client, database, batch)).filter(
    ({ day }) => day >= context.keptSince,
  );
  if (left.length > 0) return finding(kind, days, false, `${what}; sending them again did not help`);
  await commit(context, batch, token);
  return finding(
    kind,
    days,
    true,
    `${what}; sent again from ${content.from === 'remake' ? 'its formula' : content.from === 'spool' ? 'the spool' : 'its file'}`,
  );
}

// A computed batch carries its plan in the statement: some megabytes.
const REMAKE_SETTINGS = { max_query_size: '100000000' };

interface WrongDay {
  day: number;
  expected: number;
  stored: number;
}

function wrongDays(expected: StoredDay[], stored: StoredDay[]): WrongDay[] {
  const byDay = new Map(stored.map((day) => [day.day, day]));
  const wrong: WrongDay[] = [];
  for (const day of expected) {
    const found = byDay.get(day.day);
    byDay.delete(day.day);
    const same = found?.rows === day.rows && found.bytes === day.bytes && found.packets === day.packets;
    if (!same) wrong.push({ day: day.day, expected: day.rows, stored: found?.rows ?? 0 });
  }
  for (const day of byDay.values()) wrong.push({ day: day.day, expected: 0, stored: day.rows });
  return wrong;
}

async function remadeDays(client: ClickHouseClient, query: string): Promise<StoredDay[]> {
  const rows = await select<{ day: number; rows: string; bytes: string; packets: string }>(
    client,
    `SELECT toYYYYMMDD(ts_start) AS day, count() AS rows, sum(toUInt64(bytes_raw) * sampling_rate) AS bytes,
       sum(toUInt64(packets_raw) * sampling_rate) AS packets FROM (${query}) GROUP BY day`,
    {},
    REMAKE_SETTINGS,
  );
  return rows.map((row) => ({
    day: row.day,
    rows: Number(row.rows),
    bytes: BigInt(row.bytes),
    packets: BigInt(row.packets),
  }));
}

/**
 * Days of an unfinished batch that flows is about to let go, or has let go, cannot be compared, and yet their rollups are kept for
 * years. There the batch's own token has to decide: what was stored under it is skipped, table by table.
 */
async function sendExpiredDays(
  { client, target, keptSince }: MendContext,
  batch: ledger.LedgerBatch,
  content: BatchContent,
): Promise<void> {
  if (batch.state !== 'pending' || (content.from !== 'spool' && content.from !== 'source')) return;
  if (content.days.every(({ day }) => day >= keptSince)) return;
  const payload = Buffer.concat(content.days.map((rows) => rows.payload));
  await withRetry(() => insertFlows(client, target, payload, batch.token));
}

async function sendDay(
  { client, target }: MendContext,
  batch: ledger.LedgerBatch,
  content: Exclude<BatchContent, { from: 'nowhere' }>,
  day: number,
  token: string,
): Promise<void> {
  if (content.from === 'remake') {
    const columns = LANDING_COLUMNS.filter((column) => column !== 'batch_key').join(', ');
    await client.command({
      query: `INSERT INTO ${localTable(target, 'flows_landing')} (batch_key, ${columns})
        SELECT toUInt64(${batch.key}), ${columns} FROM (${content.select}) WHERE toYYYYMMDD(ts_start) = ${day}`,
      query_id: insertId(token),
      clickhouse_settings: { ...exactlyOnce(token), ...REMAKE_SETTINGS },
    });
    return;
  }
  const payload = content.days.find((rows) => rows.day === day)?.payload;
  if (payload !== undefined) await withRetry(() => insertFlows(client, target, payload, token));
}

async function removeDay(
  client: ClickHouseClient,
  target: ClickHouseTarget,
  key: bigint,
  day: number,
): Promise<void> {
  await client.command({
    query: `ALTER TABLE ${localTable(target, 'flows')} DELETE IN PARTITION ${day} WHERE batch_key = ${key}`,
    clickhouse_settings: { mutations_sync: '2' },
  });
}

async function commit(
  { client, target, spool }: MendContext,
  batch: ledger.LedgerBatch,
  token: string,
): Promise<void> {
  await ledger.write(client, target.database, [{ ...batch, token, state: 'committed' }]);
  await spool.markSent(batch.id);
}

function sumOf(days: StoredDay[], field: 'bytes' | 'packets'): bigint {
  return BigInt.asUintN(
    64,
    days.reduce((sum, day) => sum + day[field], 0n),
  );
}
