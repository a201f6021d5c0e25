import 'server-only';
import { EXPORT_VERSIONS, type ExportVersion } from '@/lib/flows/exportSequence';
import type { SentIn } from '../record';
import type { Profile, Reading, Rejection } from './canonical';
import { FIELD, type FieldName, type FieldSpans } from './fields';
import { readNanoseconds } from './nanoseconds';
import { readObservationDomain, readSequence } from './readField';
import { TIME_UNKNOWN } from './text/time';

/** Fields of flowpb.FlowMessage: number, JSON key, and what Weir takes it for. */
export const GOFLOW2_FIELDS: readonly (readonly [number, string, FieldName])[] = [
  [1, 'type', 'kind'],
  [110, 'time_received_ns', 'received'],
  [4, 'sequence_num', 'sequence'],
  [3, 'sampling_rate', 'samplingRate'],
  [11, 'sampler_address', 'exporter'],
  [111, 'time_flow_start_ns', 'start'],
  [112, 'time_flow_end_ns', 'end'],
  [9, 'bytes', 'bytes'],
  [10, 'packets', 'packets'],
  [6, 'src_addr', 'srcAddr'],
  [7, 'dst_addr', 'dstAddr'],
  [30, 'etype', 'etherType'],
  [20, 'proto', 'proto'],
  [21, 'src_port', 'srcPort'],
  [22, 'dst_port', 'dstPort'],
  [18, 'in_if', 'inIf'],
  [19, 'out_if', 'outIf'],
  [29, 'vlan_id', 'vlan'],
  [33, 'src_vlan', 'srcVlan'],
  [34, 'dst_vlan', 'dstVlan'],
  [23, 'ip_tos', 'tos'],
  [26, 'tcp_flags', 'tcpFlags'],
  [31, 'icmp_type', 'icmpType'],
  [32, 'icmp_code', 'icmpCode'],
  [14, 'src_as', 'srcAs'],
  [15, 'dst_as', 'dstAs'],
  [42, 'flow_direction', 'direction'],
  [70, 'observation_domain_id', 'obsDomain'],
];

/** Values of the field `type`. */
export const FLOW_TYPES = ['FLOWUNKNOWN', 'SFLOW_5', 'NETFLOW_V5', 'NETFLOW_V9', 'IPFIX'] as const;

/** What goflow2's JSON and protobuf have in common: counters as exported, times in nanoseconds, samples of frames. */
export function goflow2Profile(format: string): Profile {
  return {
    format,
    scaledAtSource: false,
    fieldName: (field) => GOFLOW2_FIELDS.find(([, , name]) => name === field)?.[1] ?? field,
    refuse,
    readTimes,
    exportVersion,
    sentIn: (reading) => sentIn(reading, format),
    // Every message has both; templates without ICMP fields leave them 0 and put type and code into the port.
    zeroIcmpIsNone: true,
  };
}

/** Samples of other protocols (ARP, LLDP, …) have no addresses. */
function refuse({ spans }: Reading): Rejection | null {
  if (spans.has(FIELD.srcAddr) || spans.has(FIELD.dstAddr) || !spans.has(FIELD.etherType)) return null;
  const type = spans.text(FIELD.etherType);
  if (/^(?:IPv[46]|2048|34525|0)$/i.test(type)) return null;
  return { reason: 'not_a_flow', detail: `etype is ${type}: only IP traffic is counted` };
}

/** `type`, as a name or as its number. */
function exportVersion(spans: FieldSpans): ExportVersion {
  if (!spans.has(FIELD.kind)) return 'unknown';
  const last = spans.buffer[spans.to(FIELD.kind) - 1] as number;
  const length = spans.to(FIELD.kind) - spans.from(FIELD.kind);
  if (length === 1) return EXPORT_VERSIONS[last - ZERO] ?? 'unknown';
  return BY_LENGTH_AND_END.get(length * 256 + last) ?? 'unknown';
}

const ZERO = 48;
/** Names of FLOW_TYPES differ in their length or their last letter, which is quicker to see than the text. */
const BY_LENGTH_AND_END = new Map(
  FLOW_TYPES.map((name, type) => [
    name.length * 256 + name.charCodeAt(name.length - 1),
    EXPORT_VERSIONS[type] ?? 'unknown',
  ]),
);

/** A record that is rejected came in its packet all the same, and is not missing from it. */
function sentIn(reading: Reading, format: string): SentIn | null {
  const received = readNanoseconds(reading, 'received');
  if (typeof received === 'object' || received === TIME_UNKNOWN) return null;
  const { spans, context } = reading;
  return {
    exporter: context.exporter(spans).name,
    obsDomain: readObservationDomain(spans),
    exportVersion: exportVersion(spans),
    sourceFormat: format,
    tsRecvMs: received,
    sequence: readSequence(spans),
    qualityFlags: 0,
  };
}

/** SFLOW_5, as name or number: the only type that begins with this letter. */
function isSample({ spans }: Reading): boolean {
  if (!spans.has(FIELD.kind)) return false;
  const first = spans.buffer[spans.from(FIELD.kind)];
  return first === 83 || (first === 49 && spans.to(FIELD.kind) - spans.from(FIELD.kind) === 1);
}

/** Without start and end a record happened when it was received; a sample does in any case, and its bytes are those of a frame. */
function readTimes(reading: Reading): Rejection | null {
  const { times } = reading;
  const received = readNanoseconds(reading, 'received');
  if (typeof received === 'object') return received;
  times.received = received;
  const sampled = isSample(reading);
  const start = sampled ? received : readNanoseconds(reading, 'start');
  if (typeof start === 'object') return start;
  const end = sampled ? received : readNanoseconds(reading, 'end');
  if (typeof end === 'object') return end;
  times.frames = sampled;
  times.comparedByContent = !sampled;

  const known = start === TIME_UNKNOWN ? end : start;
  times.arrivalOnly = sampled || start === TIME_UNKNOWN;
  times.start = known === TIME_UNKNOWN ? received : known;
  times.end = known === TIME_UNKNOWN ? received : end;
  times.endMissing = known !== TIME_UNKNOWN && end === TIME_UNKNOWN;
  if (times.start !== TIME_UNKNOWN) return null;
  return {
    reason: 'missing_field',
    detail: 'time_flow_start_ns, time_flow_end_ns and time_received_ns are missing or 0: the time is unknown',
  };
}
