import 'server-only';
import { type Profile, type Reading, type Rejection, readTime } from './canonical';
import { FIELD, type FieldName, type FieldSpans } from './fields';
import { TIME_UNKNOWN } from './text/time';

/** Columns of Akvorado's table of flows, and what Weir takes them for. */
export const AKVORADO_COLUMNS: Readonly<Record<string, FieldName>> = {
  TimeReceived: 'received',
  SamplingRate: 'samplingRate',
  ExporterAddress: 'exporter',
  SrcAddr: 'srcAddr',
  DstAddr: 'dstAddr',
  SrcPort: 'srcPort',
  DstPort: 'dstPort',
  Proto: 'proto',
  SrcAS: 'srcAs',
  DstAS: 'dstAs',
  Bytes: 'bytes',
  Packets: 'packets',
  FlowDirection: 'direction',
  InIfBoundary: 'inBoundary',
  OutIfBoundary: 'outBoundary',
  IPTos: 'tos',
  TCPFlags: 'tcpFlags',
  ICMPv4Type: 'icmpType',
  ICMPv4Code: 'icmpCode',
  ICMPv6Type: 'icmp6Type',
  ICMPv6Code: 'icmp6Code',
};

/** What Akvorado's exports have in common: raw counters, one time, the boundary that its interfaces were given. */
export function akvoradoProfile(format: string): Profile {
  return {
    format,
    scaledAtSource: false,
    fieldName: (field) =>
      Object.keys(AKVORADO_COLUMNS).find((name) => AKVORADO_COLUMNS[name] === field) ?? field,
    readTimes,
    readDirection,
  };
}

/** A flow happened when it was received. Akvorado keeps whole seconds: two equal samples of one second are two packets. */
function readTimes(reading: Reading): Rejection | null {
  const { times, clock, spans } = reading;
  const received = readTime(reading, 'received');
  if (typeof received === 'object') return received;
  if (received === TIME_UNKNOWN) {
    return spans.has(FIELD.received)
      ? { reason: 'invalid_time', detail: 'TimeReceived is 0: the time is unknown' }
      : { reason: 'missing_field', detail: 'TimeReceived is missing' };
  }
  times.uncertain = clock.uncertain;
  times.received = received;
  times.start = received;
  times.end = received;
  times.arrivalOnly = true;
  times.comparedByContent = false;
  return null;
}

const UNKNOWN = 0;
const INGRESS = 1;
const EGRESS = 2;

/**
 * In through an external interface and not out through one: ingress; the other way round: egress. FlowDirection says at which side of
 * an interface the exporter looked, which is less, and is taken only where the boundaries say nothing.
 */
function readDirection(spans: FieldSpans): 0 | 1 | 2 {
  const into = isExternal(spans, FIELD.inBoundary);
  const out = isExternal(spans, FIELD.outBoundary);
  if (into && out) return UNKNOWN;
  if (into) return INGRESS;
  if (out) return EGRESS;
  const word = spans.text(FIELD.direction);
  return word === 'ingress' || word === '1' ? INGRESS : word === 'egress' || word === '2' ? EGRESS : UNKNOWN;
}

/** Enum8('undefined' = 0, 'external' = 1, 'internal' = 2), as word or number. */
function isExternal(spans: FieldSpans, field: number): boolean {
  const text = spans.text(field);
  return text === 'external' || text === '1';
}
