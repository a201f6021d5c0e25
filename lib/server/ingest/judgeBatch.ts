import 'server-only';
import type { CutBatch } from './cutBatches';
import { dedupKey } from './dedupKey';
import { RowEncoder } from './encodeRow';
import type { ExporterSettings } from './exporterSettings';
import { type ExporterCounts, ExporterTally } from './exporterTally';
import { RecentKeys } from './recentKeys';
import type { FlowRecord, ParsedRecord, RejectReason } from './record';

/** A rejected record as flows_rejected keeps it. */
export interface Rejection {
  /** Ordinal of the record within its source. */
  offset: number;
  reason: RejectReason;
  detail: string;
  record: string;
}

/** What a batch comes to: the rows to send, and the sums that the ledger states. */
export interface JudgedBatch {
  payload: Buffer;
  accepted: number;
  duplicates: number;
  flagged: number;
  bytes: bigint;
  packets: bigint;
  firstStartMs: number;
  lastEndMs: number;
  rejections: Rejection[];
  /** What came of each exporter. */
  exporters: ExporterCounts[];
  /** Bitmap (base64) of the records left out as duplicates; undefined where there are none. */
  leftOut: string | undefined;
  /** Keys of the accepted records that are compared by content: high and low halves in turn. */
  keys: Uint32Array;
}

const RAW_KEPT_BYTES = 4096;
/** Two numbers up to this add up without losing a digit. */
const MOST_EXACT = 2 ** 52;

/**
 * Decides on each record of a batch: rejected, duplicate or accepted. A record is a duplicate when an equal one stands earlier in
 * the batch or came in another batch during the last hour; keys that this very batch brought before are no evidence against it.
 *
 * @param leftOut decisions of an earlier time (bitmap, base64), which then hold instead of the search for duplicates
 */
export function judgeBatch(
  batch: CutBatch,
  recent: RecentKeys,
  settings: ExporterSettings,
  nowSeconds: number,
  leftOut?: string,
): JudgedBatch {
  const decided = leftOut === undefined ? null : Buffer.from(leftOut, 'base64');
  const encoder = new RowEncoder(batch.key, batch.records.length);
  const tag = batchTag(batch.key);
  const own = new RecentKeys();
  const keys = new Uint32Array(batch.records.length * 2);
  let kept = 0;
  const dropped = Buffer.alloc(Math.ceil(batch.records.length / 8));
  const rejections: Rejection[] = [];
  const judged = { accepted: 0, duplicates: 0, flagged: 0, bytes: 0n, packets: 0n };
  const sums = new Sums();
  const tally = new ExporterTally();
  let firstStartMs = Number.POSITIVE_INFINITY;
  let lastEndMs = 0;

  let index = -1;
  for (const parsed of batch.records) {
    index += 1;
    const rejected = rejectionOf(parsed, settings);
    if (rejected !== null || !parsed.ok) {
      if (rejected !== null) rejections.push({ ...rejected, offset: batch.offset + index });
      const sentIn = parsed.ok ? parsed.record : parsed.sentIn;
      if (sentIn !== undefined) tally.count(sentIn, 'rejected');
      continue;
    }
    const { record } = parsed;
    const key = dedupKey(record);
    if (isDropped(decided, index) ?? isDuplicate(key, own, recent, nowSeconds, tag)) {
      judged.duplicates += 1;
      tally.count(record, 'duplicates');
      dropped[index >> 3] = (dropped[index >> 3] ?? 0) | (1 << (index & 7));
      continue;
    }
    if (key !== null) {
      own.add(key.high, key.low, nowSeconds, tag);
      keys[kept] = key.high;
      keys[kept + 1] = key.low;
      kept += 2;
    }
    encoder.add(record, key);
    judged.accepted += 1;
    tally.count(record, 'accepted');
    if (record.qualityFlags !== 0) judged.flagged += 1;
    sums.add(record);
    firstStartMs = Math.min(firstStartMs, record.tsStartMs);
    lastEndMs = Math.max(lastEndMs, record.tsStartMs + record.durationMs);
  }
  return {
    ...judged,
    ...sums.total(),
    payload: encoder.bytes(),
    firstStartMs: judged.accepted === 0 ? 0 : firstStartMs,
    lastEndMs,
    rejections,
    exporters: tally.rows(),
    leftOut: judged.duplicates === 0 ? undefined : dropped.toString('base64'),
    keys: keys.subarray(0, kept),
  };
}

/** Notes the keys of the accepted records, once it is certain that the batch will be sent. */
export function rememberKeys(
  batch: { key: bigint },
  judged: JudgedBatch,
  recent: RecentKeys,
  nowSeconds: number,
): void {
  const tag = batchTag(batch.key);
  for (let i = 0; i + 1 < judged.keys.length; i += 2) {
    recent.add(judged.keys[i] ?? 0, judged.keys[i + 1] ?? 0, nowSeconds, tag);
  }
}

/** Tag of a batch among recent keys. */
export function batchTag(key: bigint): number {
  return Number(BigInt.asUintN(32, key));
}

function isDuplicate(
  key: { high: number; low: number } | null,
  own: RecentKeys,
  recent: RecentKeys,
  nowSeconds: number,
  tag: number,
): boolean {
  if (key === null) return false;
  // A tag that no key of this batch has: within the batch every equal key counts.
  return own.has(key.high, key.low, nowSeconds, ~tag) || recent.has(key.high, key.low, nowSeconds, tag);
}

function isDropped(bitmap: Buffer | null, index: number): boolean | null {
  return bitmap === null ? null : ((bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

function rejectionOf(parsed: ParsedRecord, settings: ExporterSettings): Omit<Rejection, 'offset'> | null {
  if (!parsed.ok) return { reason: parsed.reason, detail: parsed.detail, record: kept(parsed.raw) };
  if (settings.applyRate(parsed.record)) return null;
  return {
    reason: 'counter_overflow',
    detail: `Bytes or packets times the sampling rate configured for exporter ${parsed.record.exporter} exceed 2^63 - 1: check sampling_rate in the operators' file.`,
    record: kept(parsed.raw),
  };
}

function kept(raw: string): string {
  if (raw.length <= RAW_KEPT_BYTES / 4) return raw;
  const bytes = Buffer.from(raw, 'utf8');
  return bytes.length <= RAW_KEPT_BYTES ? raw : bytes.subarray(0, RAW_KEPT_BYTES).toString('utf8');
}

/** Exact sums of scaled counters; plain numbers as long as they are exact, since BigInt costs ten times as much. */
class Sums {
  private bytes = 0n;
  private packets = 0n;
  private smallBytes = 0;
  private smallPackets = 0;

  add({ bytesRaw, packetsRaw, samplingRate }: FlowRecord): void {
    const bytes = typeof bytesRaw === 'number' ? bytesRaw * samplingRate : Number.POSITIVE_INFINITY;
    if (bytes <= MOST_EXACT) this.smallBytes += bytes;
    else this.bytes += BigInt(bytesRaw) * BigInt(samplingRate);
    const packets = typeof packetsRaw === 'number' ? packetsRaw * samplingRate : Number.POSITIVE_INFINITY;
    if (packets <= MOST_EXACT) this.smallPackets += packets;
    else this.packets += BigInt(packetsRaw) * BigInt(samplingRate);
    if (this.smallBytes > MOST_EXACT || this.smallPackets > MOST_EXACT) this.carry();
  }

  total(): { bytes: bigint; packets: bigint } {
    this.carry();
    return { bytes: this.bytes, packets: this.packets };
  }

  private carry(): void {
    this.bytes += BigInt(this.smallBytes);
    this.packets += BigInt(this.smallPackets);
    this.smallBytes = 0;
    this.smallPackets = 0;
  }
}
