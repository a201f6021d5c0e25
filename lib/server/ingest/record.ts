import 'server-only';
import type { ExportVersion } from '@/lib/flows/exportSequence';

/**
 * One flow record in canonical form, before enrichment. Instants are whole milliseconds since 1970 UTC.
 * The rules for clamping, scaling and unknown values have been applied; `qualityFlags` says which.
 */
export interface FlowRecord {
  tsStartMs: number;
  durationMs: number;
  /** Receipt at the collector; the end of the flow where the format has none (flag noReceiveTime). */
  tsRecvMs: number;
  /** Address of the exporter as text, 'unknown' where the format does not carry it. */
  exporter: string;
  obsDomain: number;
  /** ifIndex; 0 = unknown. */
  inIf: number;
  outIf: number;
  /** 0 unknown, 1 ingress, 2 egress: what the exporter says, not what Weir decides. */
  reportedDirection: 0 | 1 | 2;
  /** 16 bytes in network order; IPv4 as ::ffff:a.b.c.d. */
  srcIp: Uint8Array;
  dstIp: Uint8Array;
  /** ICMP: 0 and type x 256 + code. */
  srcPort: number;
  dstPort: number;
  proto: number;
  tos: number;
  tcpFlags: number;
  /** 0 = unknown. */
  srcAs: number;
  dstAs: number;
  /** L3 bytes and packets as the source counted them, before `samplingRate`. A bigint where a number would lose digits. */
  bytesRaw: bigint | number;
  packetsRaw: bigint | number;
  /** Multiplier: 0 = unknown, 1 = unsampled or already scaled. raw x rate is below 2^63. */
  samplingRate: number;
  sourceFormat: string;
  /** Bits of QUALITY_FLAGS (lib/flows/qualityFlags.ts). */
  qualityFlags: number;
  /** Sequence number of the export datagram where the format carries it, else null. */
  sequence: number | null;
  /** What exported it, and so what `sequence` counts; 'unknown' where the format does not say. */
  exportVersion: ExportVersion;
  /**
   * False: two records with equal fields are not duplicates, because the record stands for sampled packets (sFlow)
   * or for a share of a time bin. True: the rule for duplicates by content applies.
   */
  comparedByContent: boolean;
}

/** Who sent a record in which packet: what can be counted of it even where the record itself is rejected. */
export type SentIn = Pick<
  FlowRecord,
  'exporter' | 'obsDomain' | 'exportVersion' | 'sourceFormat' | 'tsRecvMs' | 'sequence' | 'qualityFlags'
>;

/** Why a record is rejected: a closed set, stored in `flows_rejected.reason`. */
export const REJECT_REASONS = {
  malformed: 'The text of the record is broken.',
  truncated: 'The input ends in the middle of a record.',
  too_large: 'The record is longer than any flow record can be.',
  not_a_flow: 'The line is not a flow record.',
  no_data: 'The source says that it saw nothing in this interval.',
  skipped_data: 'The source says that it lost the records of this interval.',
  blocked: 'A firewall turned the traffic away: it did not cross.',
  other_end: 'The interface at the other end reports the same traffic.',
  bidirectional: 'The record holds both directions of a connection.',
  missing_field: 'A field that every flow record needs is missing.',
  invalid_address: 'An IP address cannot be read.',
  invalid_number: 'A number is not one, or lies outside its range.',
  negative_counter: 'Bytes or packets are negative.',
  fractional_counter: 'Bytes or packets are not whole numbers.',
  counter_overflow: 'Bytes or packets, times the sampling rate, exceed 2^63 - 1.',
  invalid_time: 'A time cannot be read.',
  missing_zone: 'A time has no zone, and none was declared.',
  time_before_1980: 'The flow lies before 1980.',
  time_in_future: 'The flow lies more than a day after its receipt or after now.',
} as const;

export type RejectReason = keyof typeof REJECT_REASONS;

/** One record of the input, accepted or not; `raw` is its text as it came (may be empty where the input ended too early). */
export type ParsedRecord =
  | { ok: true; record: FlowRecord; raw: string }
  | { ok: false; reason: RejectReason; detail: string; raw: string; sentIn?: SentIn };
