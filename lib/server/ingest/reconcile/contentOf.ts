import 'server-only';
import { batchId } from '../cutBatches';
import { type DayRows, splitByDay } from '../encodeRow';
import type { ExporterSettings } from '../exporterSettings';
import type { ExporterCounts } from '../exporterTally';
import { formats } from '../formats';
import { judgeBatch, type Rejection } from '../judgeBatch';
import type { LedgerBatch } from '../ledger';
import { openInput } from '../openInput';
import { RecentKeys } from '../recentKeys';
import type { ParsedRecord } from '../record';
import type { Spool } from '../spool';

/**
 * A SELECT that makes the rows of a batch again, with the columns of flows_landing by name; null for batches it does not know.
 * For sources that are computed, such as the demo's.
 */
export type Remake = (batch: LedgerBatch) => Promise<string | null>;

/** What a batch consists of, from wherever it can still be had. */
export type BatchContent =
  | {
      from: 'spool' | 'source';
      days: DayRows[];
      rejections: Rejection[];
      exporters: ExporterCounts[];
      judgedAtMs: number;
    }
  | { from: 'remake'; select: string }
  | { from: 'nowhere'; why: string };

/** Finds the content of a batch: in the spool, else made again by `remake`, else read again from its file and verified by its hash. */
export async function contentOf(
  batch: LedgerBatch,
  spool: Spool,
  settings: ExporterSettings,
  remake: Remake | undefined,
): Promise<BatchContent> {
  const spooled = await spool.read(batch.id);
  if (spooled !== null) {
    return {
      from: 'spool',
      days: splitByDay(spooled.payload),
      rejections: spooled.rejections,
      exporters: spooled.exporters,
      judgedAtMs: spooled.judgedAtMs,
    };
  }
  const select = (await remake?.(batch)) ?? null;
  if (select !== null) return { from: 'remake', select };
  return readAgain(batch, settings);
}

async function readAgain(batch: LedgerBatch, settings: ExporterSettings): Promise<BatchContent> {
  const format = formats[batch.format];
  if (format === undefined || !batch.sourceName.startsWith('/')) {
    return { from: 'nowhere', why: `its source (${batch.sourceName}) is no file that can be read again` };
  }
  let records: ParsedRecord[];
  try {
    records = await stretch(batch, format, settings);
  } catch (error) {
    return { from: 'nowhere', why: error instanceof Error ? error.message : String(error) };
  }
  if (records.length !== batch.records || batchId(batch.source, batch.offset, records) !== batch.id) {
    return { from: 'nowhere', why: `${batch.sourceName} has other records now than when it was imported` };
  }
  const judged = judgeBatch(
    { id: batch.id, key: batch.key, offset: batch.offset, records, known: batch },
    new RecentKeys(),
    settings,
    0,
    batch.options.leftOut ?? '',
  );
  const same =
    judged.accepted === batch.accepted &&
    BigInt.asUintN(64, judged.bytes) === batch.bytes &&
    BigInt.asUintN(64, judged.packets) === batch.packets;
  if (!same) {
    return {
      from: 'nowhere',
      why: `${batch.sourceName} is read differently than when it was imported (${judged.accepted} records instead of ${batch.accepted}, or other counters): the reader or the operators' file has changed since`,
    };
  }
  return {
    from: 'source',
    days: splitByDay(judged.payload),
    rejections: judged.rejections,
    exporters: judged.exporters,
    judgedAtMs: batch.createdAtMs,
  };
}

async function stretch(
  batch: LedgerBatch,
  format: (typeof formats)[string],
  settings: ExporterSettings,
): Promise<ParsedRecord[]> {
  const { zone, samplingRate } = batch.options;
  const blocks = format.readBlocks(openInput(batch.sourceName).chunks, {
    ...(zone === undefined ? {} : { zone }),
    ...(samplingRate === undefined ? {} : { samplingRate }),
    activeTimeoutSeconds: settings.activeTimeoutSeconds,
  });
  const found: ParsedRecord[] = [];
  let at = 0;
  for await (const block of blocks) {
    const from = Math.max(0, batch.offset - at);
    const to = Math.min(block.length, batch.offset + batch.records - at);
    if (from < to) found.push(...block.slice(from, to));
    at += block.length;
    if (at >= batch.offset + batch.records) break;
  }
  return found;
}
