import type { RejectReason } from './record';

/** A rejected record, told to whoever sent it. */
export interface RejectedSample {
  /** Ordinal of the record within its source, from 1. */
  record: number;
  reason: RejectReason;
  /** What is wrong with it, at most DETAIL_KEPT characters. */
  detail: string;
}

export const SAMPLES_KEPT = 5;
export const DETAIL_KEPT = 300;

/** What an import came to. records = accepted + rejected + duplicates, always. */
export interface IngestSummary {
  records: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  /** Accepted records with at least one quality flag. */
  flagged: number;
  /** Sum of raw bytes x sampling rate of the accepted records, exact. */
  bytes: bigint;
  packets: bigint;
  seconds: number;
  rejectedBy: Partial<Record<RejectReason, number>>;
  /** The first rejected records of one source, at most SAMPLES_KEPT; empty where the imports of several sources were added. */
  rejectedSamples: RejectedSample[];
  /** Batches sent again after a failure; each was compared with what is stored before the import ended. */
  doubtfulBatches: number;
}

export function emptySummary(): IngestSummary {
  return {
    records: 0,
    accepted: 0,
    rejected: 0,
    duplicates: 0,
    flagged: 0,
    bytes: 0n,
    packets: 0n,
    seconds: 0,
    rejectedBy: {},
    rejectedSamples: [],
    doubtfulBatches: 0,
  };
}

/** Adds one summary to another; seconds add up, as the imports ran one after the other. */
export function addSummary(total: IngestSummary, part: IngestSummary): void {
  total.records += part.records;
  total.accepted += part.accepted;
  total.rejected += part.rejected;
  total.duplicates += part.duplicates;
  total.flagged += part.flagged;
  total.bytes += part.bytes;
  total.packets += part.packets;
  total.seconds += part.seconds;
  total.doubtfulBatches += part.doubtfulBatches;
  for (const [reason, count] of Object.entries(part.rejectedBy) as [RejectReason, number][]) {
    total.rejectedBy[reason] = (total.rejectedBy[reason] ?? 0) + count;
  }
}

/** The summary as one JSON object; bytes and packets are whole numbers of any length, exact. */
export function summaryJson(summary: IngestSummary): string {
  const { records, accepted, rejected, duplicates, flagged, bytes, packets, seconds } = summary;
  return `{"records":${records},"accepted":${accepted},"rejected":${rejected},"duplicates":${duplicates},"flagged":${flagged},"bytes":${bytes},"packets":${packets},"seconds":${Number(seconds.toFixed(3))}}`;
}

/** The same, and why records were rejected where any were: counts by reason, and the first of them. */
export function summaryJsonWithReasons(summary: IngestSummary): string {
  const { rejected, rejectedBy, rejectedSamples } = summary;
  const object = summaryJson(summary);
  if (rejected === 0) return object;
  return `${object.slice(0, -1)},"rejectedBy":${JSON.stringify(rejectedBy)},"rejectedSamples":${JSON.stringify(rejectedSamples)}}`;
}
