import type { CutBatch } from './cutBatches';
import type { IngestRequest } from './ingestRequest';
import type { JudgedBatch } from './judgeBatch';
import type { LedgerBatch } from './ledger';
import { DETAIL_KEPT, type IngestSummary, SAMPLES_KEPT } from './summary';

/** What the ledger states of a batch before it is sent. */
export function ledgerEntry(
  batch: CutBatch,
  judged: JudgedBatch,
  request: IngestRequest,
  source: { id: string; batchSize: number },
  nowMs: number,
): LedgerBatch {
  return {
    id: batch.id,
    key: batch.key,
    source: source.id,
    sourceName: request.sourceName,
    offset: batch.offset,
    records: batch.records.length,
    accepted: judged.accepted,
    rejected: judged.rejections.length,
    duplicates: judged.duplicates,
    flagged: judged.flagged,
    bytes: judged.bytes,
    packets: judged.packets,
    firstStartMs: judged.firstStartMs,
    lastEndMs: judged.lastEndMs,
    batchSize: source.batchSize,
    format: request.format.name,
    formatVersion: request.format.version,
    options: { ...request.options, ...(judged.leftOut === undefined ? {} : { leftOut: judged.leftOut }) },
    token: batch.id,
    state: 'pending',
    createdAtMs: nowMs,
  };
}

/** Adds what a batch came to. */
export function countJudged(summary: IngestSummary, judged: JudgedBatch): void {
  summary.accepted += judged.accepted;
  summary.rejected += judged.rejections.length;
  summary.duplicates += judged.duplicates;
  summary.flagged += judged.flagged;
  summary.bytes += judged.bytes;
  summary.packets += judged.packets;
  for (const { reason, offset, detail } of judged.rejections) {
    summary.rejectedBy[reason] = (summary.rejectedBy[reason] ?? 0) + 1;
    if (summary.rejectedSamples.length < SAMPLES_KEPT) {
      summary.rejectedSamples.push({ record: offset + 1, reason, detail: detail.slice(0, DETAIL_KEPT) });
    }
  }
}
