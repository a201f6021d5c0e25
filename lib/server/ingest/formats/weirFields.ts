import 'server-only';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { FlowRecord } from '../record';
import type { Profile, Reading, Rejection } from './canonical';
import { FIELD, type FieldName, type FieldSpans } from './fields';
import { readNanoseconds } from './nanoseconds';
import { readWithin, UINT32_MAX } from './readField';
import { TIME_UNKNOWN } from './text/time';

/** Fields of Weir's own records; README.md in this folder says what each is. */
export const WEIR_FIELDS: Readonly<Record<string, FieldName>> = {
  ts_start: 'start',
  ts_end: 'end',
  ts_recv: 'received',
  exporter: 'exporter',
  obs_domain: 'obsDomain',
  in_if: 'inIf',
  out_if: 'outIf',
  direction: 'direction',
  src_ip: 'srcAddr',
  dst_ip: 'dstAddr',
  src_port: 'srcPort',
  dst_port: 'dstPort',
  proto: 'proto',
  tos: 'tos',
  tcp_flags: 'tcpFlags',
  icmp_type: 'icmpType',
  icmp_code: 'icmpCode',
  src_as: 'srcAs',
  dst_as: 'dstAs',
  bytes_raw: 'bytes',
  packets_raw: 'packets',
  sampling_rate: 'samplingRate',
  already_scaled: 'isScaled',
  l2_or_l3: 'layer',
  vlan: 'vlan',
  sequence: 'sequence',
  packet_sample: 'isSample',
  quality_flags: 'flags',
};

/** Every flag that a record can carry. */
const ALL_FLAGS = Object.values(QUALITY_FLAGS).reduce((all, bit) => all | bit, 0);

/** The rules of Weir's own records, as text or as Parquet. */
export function weirProfile(format: string): Profile {
  return {
    format,
    scaledAtSource: false,
    fieldName: (field) => Object.keys(WEIR_FIELDS).find((name) => WEIR_FIELDS[name] === field) ?? field,
    isScaled: ({ spans }) => isTrue(spans, FIELD.isScaled),
    refuse,
    readTimes,
    settle,
  };
}

function refuse({ spans }: Reading): Rejection | null {
  const layer = spans.text(FIELD.layer).toLowerCase();
  if (layer === '' || layer === 'l2' || layer === 'l3') return null;
  return { reason: 'invalid_number', detail: `l2_or_l3 is "${layer}": give l2 (frames) or l3 (IP packets)` };
}

function readTimes(reading: Reading): Rejection | null {
  const { times, spans } = reading;
  const start = readNanoseconds(reading, 'start');
  if (typeof start === 'object') return start;
  if (start === TIME_UNKNOWN) {
    return spans.has(FIELD.start)
      ? { reason: 'invalid_time', detail: 'ts_start is 0: the start of the flow is unknown' }
      : { reason: 'missing_field', detail: 'ts_start is missing: nanoseconds since 1970 UTC' };
  }
  const end = readNanoseconds(reading, 'end');
  if (typeof end === 'object') return end;
  const received = readNanoseconds(reading, 'received');
  if (typeof received === 'object') return received;
  times.start = start;
  times.end = end;
  times.endMissing = end === TIME_UNKNOWN;
  times.received = received;
  times.frames = spans.text(FIELD.layer).toLowerCase() === 'l2';
  times.comparedByContent = !isTrue(spans, FIELD.isSample);
  return null;
}

/** Flags that the record already has stay, but what is known now: whether its rate is. */
function settle(record: FlowRecord, { spans }: Reading): Rejection | null {
  const flags = readWithin(spans, FIELD.flags, UINT32_MAX);
  if (flags < 0) {
    return {
      reason: 'invalid_number',
      detail: `quality_flags is "${spans.text(FIELD.flags)}": no whole number`,
    };
  }
  record.qualityFlags |= flags & ALL_FLAGS & ~QUALITY_FLAGS.unknownSamplingRate;
  if (isTrue(spans, FIELD.isScaled)) record.qualityFlags |= QUALITY_FLAGS.scaledAtSource;
  return null;
}

function isTrue(spans: FieldSpans, field: number): boolean {
  const text = spans.text(field);
  return text === 'true' || text === '1';
}
