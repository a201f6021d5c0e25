import 'server-only';
import type { ExportVersion } from '@/lib/flows/exportSequence';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { FlowRecord, ParsedRecord, RejectReason, SentIn } from '../record';
import type { ReadContext } from './context';
import { FIELD, type FieldName, type FieldSpans } from './fields';
import { type FlowTimes, settleTimes } from './flowTimes';
import {
  hasVlan,
  readAs,
  readDirection,
  readIcmp,
  readInterface,
  readObservationDomain,
  readProtocol,
  readSequence,
  readWithin,
  UINT32_MAX,
} from './readField';
import { parseAddress } from './text/address';
import { MAX_COUNTER, parseCounter, parseMilliseconds, parseUint } from './text/number';
import { parseTcpFlags } from './text/tcpFlags';
import { TIME_UNKNOWN, TIME_WITHOUT_ZONE, type TimeReader } from './text/time';

const ICMP = 1;
const ICMP6 = 58;
/** Ethernet header and frame check sequence, and what a VLAN tag adds. */
const FRAME_OVERHEAD = 18;
const VLAN_TAG = 4;

/** What a format adds to the common rules. */
export interface Profile {
  /** Name of the format, as in `sourceFormat`. */
  format: string;
  /** The format's own name of a field, for messages. */
  fieldName: (field: FieldName) => string;
  /** Counters were scaled before they were written: the rate is 1 whatever the record or the options say. */
  scaledAtSource: boolean;
  /** The same, where each record says it for itself. */
  isScaled?: (record: Reading) => boolean;
  /** Says why a record is none that this format should carry, or null. */
  refuse?: (record: Reading) => Rejection | null;
  /** Reads the times of a record; the default takes start, end or duration, and received. */
  readTimes?: (record: Reading) => Rejection | null;
  /** Reads the direction; the default takes 0, 1 and the words. */
  readDirection?: (spans: FieldSpans) => 0 | 1 | 2;
  /** ICMP type and code 0 may mean that only the port says them. */
  zeroIcmpIsNone?: boolean;
  /** What exported the record; the default is 'unknown'. */
  exportVersion?: (spans: FieldSpans) => ExportVersion;
  /** Who sent a record that is rejected, where the rest of it still says so. */
  sentIn?: (record: Reading) => SentIn | null;
  /** Looks at the finished record: amends it, or says why it must not count. */
  settle?: (record: FlowRecord, reading: Reading) => Rejection | null;
}

export interface Rejection {
  reason: RejectReason;
  detail: string;
}

/** One record being read: its fields, and what is needed to read them. */
export interface Reading {
  spans: FieldSpans;
  clock: TimeReader;
  times: FlowTimes;
  profile: Profile;
  context: ReadContext;
}

/** Makes the canonical record of the fields of one record, or says why it cannot. */
export function canonicalize(reading: Reading, raw: string): ParsedRecord {
  const result = read(reading);
  if (!('reason' in result)) return { ok: true, record: result, raw };
  const sentIn = reading.profile.sentIn?.(reading) ?? null;
  const rejected = { ok: false, reason: result.reason, detail: result.detail, raw } as const;
  return sentIn === null ? rejected : { ...rejected, sentIn };
}

export function isRejection<T extends object>(value: T | Rejection): value is Rejection {
  return 'reason' in value;
}

function read(reading: Reading): FlowRecord | Rejection {
  const { spans, profile, context } = reading;
  const refused = profile.refuse?.(reading) ?? null;
  if (refused !== null) return refused;
  const srcIp = readAddress(reading, 'srcAddr');
  if ('reason' in srcIp) return srcIp;
  const dstIp = readAddress(reading, 'dstAddr');
  if ('reason' in dstIp) return dstIp;

  const proto = readProtocol(spans);
  if (proto < 0) return unreadable(reading, 'proto', 'neither a protocol number nor a known name');
  let srcPort = readWithin(spans, FIELD.srcPort, 65_535);
  if (srcPort < 0) return unreadable(reading, 'srcPort', 'no port from 0 to 65535');
  let dstPort: number;
  if (proto === ICMP || proto === ICMP6) {
    srcPort = 0;
    dstPort = readIcmp(spans, proto === ICMP6, profile.zeroIcmpIsNone === true);
    if (dstPort < 0) return unreadable(reading, 'dstPort', 'no ICMP type and code');
  } else {
    dstPort = readWithin(spans, FIELD.dstPort, 65_535);
    if (dstPort < 0) return unreadable(reading, 'dstPort', 'no port from 0 to 65535');
  }

  let bytes = readCounter(reading, 'bytes');
  if (typeof bytes === 'object') return bytes;
  const packets = readCounter(reading, 'packets');
  if (typeof packets === 'object') return packets;
  if (carries(spans, FIELD.outBytes) || carries(spans, FIELD.outPackets)) {
    return {
      reason: 'bidirectional',
      detail: `${profile.fieldName('outBytes')} is ${spans.text(FIELD.outBytes) || spans.text(FIELD.outPackets)}: the record holds both directions; export without -b and -B`,
    };
  }

  const { times } = reading;
  times.clear();
  const badTime = profile.readTimes === undefined ? readTimes(reading) : profile.readTimes(reading);
  if (badTime !== null) return badTime;
  const exporter = context.exporter(spans);
  const impossible = settleTimes(times, exporter.activeTimeoutMs, context.now);
  if (impossible !== null) return impossible;
  let { flags } = times;

  let rate: number;
  if (profile.scaledAtSource || profile.isScaled?.(reading) === true) {
    rate = 1;
    if (readWithin(spans, FIELD.sampled, 1) === 1) flags |= QUALITY_FLAGS.scaledAtSource;
  } else {
    rate = readWithin(spans, FIELD.samplingRate, UINT32_MAX);
    if (rate < 0) return unreadable(reading, 'samplingRate', 'no rate from 0 (unknown) to 4294967295');
    if (rate === 0) {
      rate = context.samplingRate;
      if (rate === 0) flags |= QUALITY_FLAGS.unknownSamplingRate;
    }
  }

  if (times.frames) {
    bytes = withoutFrames(bytes, packets, hasVlan(spans) ? FRAME_OVERHEAD + VLAN_TAG : FRAME_OVERHEAD);
    flags |= QUALITY_FLAGS.frameBytesEstimate;
  }
  const overflow =
    overflowing(reading, bytes, 'bytes', rate) ?? overflowing(reading, packets, 'packets', rate);
  if (overflow !== null) return overflow;

  const tos = readWithin(spans, FIELD.tos, 255);
  if (tos < 0) return unreadable(reading, 'tos', 'no value from 0 to 255');
  const inIf = readInterface(spans, FIELD.inIf);
  if (inIf < 0) return unreadable(reading, 'inIf', 'no interface number');
  const outIf = readInterface(spans, FIELD.outIf);
  if (outIf < 0) return unreadable(reading, 'outIf', 'no interface number');
  const srcAs = readAs(spans, FIELD.srcAs);
  if (srcAs < 0) return unreadable(reading, 'srcAs', 'no AS number');
  const dstAs = readAs(spans, FIELD.dstAs);
  if (dstAs < 0) return unreadable(reading, 'dstAs', 'no AS number');
  const tcpFlags = parseTcpFlags(spans, FIELD.tcpFlags);
  if (tcpFlags < 0) return unreadable(reading, 'tcpFlags', 'no TCP flags');

  const record: FlowRecord = {
    tsStartMs: times.start,
    durationMs: times.end - times.start,
    tsRecvMs: times.received,
    exporter: exporter.name,
    obsDomain: readObservationDomain(spans),
    inIf,
    outIf,
    reportedDirection:
      profile.readDirection === undefined ? readDirection(spans) : profile.readDirection(spans),
    srcIp,
    dstIp,
    srcPort,
    dstPort,
    proto,
    tos,
    tcpFlags,
    srcAs,
    dstAs,
    bytesRaw: bytes,
    packetsRaw: packets,
    samplingRate: rate,
    sourceFormat: profile.format,
    qualityFlags: flags,
    sequence: readSequence(spans),
    exportVersion: profile.exportVersion?.(spans) ?? 'unknown',
    comparedByContent: times.comparedByContent,
  };
  return profile.settle?.(record, reading) ?? record;
}

function missing(reading: Reading, field: FieldName): Rejection {
  return { reason: 'missing_field', detail: `${reading.profile.fieldName(field)} is missing` };
}

function unreadable(reading: Reading, field: FieldName, what: string): Rejection {
  const { profile, spans } = reading;
  return {
    reason: 'invalid_number',
    detail: `${profile.fieldName(field)} is "${spans.text(FIELD[field])}": ${what}`,
  };
}

function readAddress(reading: Reading, field: 'srcAddr' | 'dstAddr'): Uint8Array | Rejection {
  const { spans } = reading;
  const index = FIELD[field];
  if (!spans.has(index)) return missing(reading, field);
  const address = parseAddress(spans.buffer, spans.from(index), spans.to(index));
  if (address !== null) return address;
  const name = reading.profile.fieldName(field);
  return { reason: 'invalid_address', detail: `${name} is "${spans.text(index)}": no IPv4 or IPv6 address` };
}

function readCounter(reading: Reading, field: 'bytes' | 'packets'): number | bigint | Rejection {
  const { spans, profile } = reading;
  const index = FIELD[field];
  if (!spans.has(index)) return missing(reading, field);
  const value = parseUint(spans.buffer, spans.from(index), spans.to(index));
  if (value >= 0) return value;
  const text = spans.text(index);
  const exact = parseCounter(text);
  if (typeof exact !== 'string') return exact;
  const problem = {
    negative_counter: 'a counter cannot be negative',
    fractional_counter: 'a counter is a whole number',
    counter_overflow: `more than ${MAX_COUNTER}`,
  } as Partial<Record<RejectReason, string>>;
  return {
    reason: exact,
    detail: `${profile.fieldName(field)} is ${text}: ${problem[exact] ?? 'not a number'}`,
  };
}

/** Does a counter of the other direction hold anything? */
function carries(spans: FieldSpans, field: number): boolean {
  return spans.has(field) && parseUint(spans.buffer, spans.from(field), spans.to(field)) !== 0;
}

function readTimes(reading: Reading): Rejection | null {
  const { spans, clock, times } = reading;
  const start = readTime(reading, 'start');
  if (typeof start === 'object') return start;
  if (start === TIME_UNKNOWN) return timeMissing(reading, 'start');
  times.uncertain = clock.uncertain;
  const end = readTime(reading, 'end', start);
  if (typeof end === 'object') return end;
  times.uncertain ||= clock.uncertain;
  const received = readTime(reading, 'received');
  if (typeof received === 'object') return received;
  times.start = start;
  times.end = end;
  times.received = received;
  times.endMissing = end === TIME_UNKNOWN;
  // Where times are cut to seconds, the duration keeps the milliseconds.
  if (spans.has(FIELD.duration) && !(times.endMissing && spans.has(FIELD.end))) {
    const duration = parseMilliseconds(spans.buffer, spans.from(FIELD.duration), spans.to(FIELD.duration));
    if (Number.isNaN(duration)) return unreadable(reading, 'duration', 'no number of seconds');
    times.end = start + duration;
    times.endMissing = false;
  }
  return null;
}

function timeMissing(reading: Reading, field: FieldName): Rejection {
  const { spans, profile } = reading;
  const name = profile.fieldName(field);
  return spans.has(FIELD[field])
    ? {
        reason: 'invalid_time',
        detail: `${name} is "${spans.text(FIELD[field])}": the start of the flow is unknown`,
      }
    : missing(reading, field);
}

/** Reads a time field; TIME_UNKNOWN where it is absent or the source does not know it. */
export function readTime(reading: Reading, field: FieldName, notBefore?: number): number | Rejection {
  const { spans, clock, profile, context } = reading;
  const index = FIELD[field];
  clock.uncertain = false;
  if (!spans.has(index)) return TIME_UNKNOWN;
  const value = clock.read(spans.buffer, spans.from(index), spans.to(index), notBefore);
  if (value === TIME_WITHOUT_ZONE) return context.zoneMissing(profile.fieldName(field), spans.text(index));
  if (Number.isNaN(value)) {
    return {
      reason: 'invalid_time',
      detail: `${profile.fieldName(field)} is "${spans.text(index)}": no date and time`,
    };
  }
  return value;
}

function withoutFrames(bytes: number | bigint, packets: number | bigint, overhead: number): number | bigint {
  if (typeof bytes === 'number' && typeof packets === 'number' && packets < 1e14) {
    return Math.max(0, bytes - overhead * packets);
  }
  const rest = BigInt(bytes) - BigInt(overhead) * BigInt(packets);
  if (rest <= 0n) return 0;
  return rest <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(rest) : rest;
}

function overflowing(
  reading: Reading,
  raw: number | bigint,
  field: 'bytes' | 'packets',
  rate: number,
): Rejection | null {
  if (typeof raw === 'number' && raw * rate <= Number.MAX_SAFE_INTEGER) return null;
  if (BigInt(raw) * BigInt(rate) <= MAX_COUNTER) return null;
  return {
    reason: 'counter_overflow',
    detail: `${reading.profile.fieldName(field)} is ${raw}, times the sampling rate ${rate}: more than ${MAX_COUNTER}`,
  };
}
