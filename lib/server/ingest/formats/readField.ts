import 'server-only';
import { FIELD, type FieldSpans, NESTED } from './fields';
import { parseUint } from './text/number';
import { protocolNumber } from './text/protocols';

export const UINT32_MAX = 4_294_967_295;
/** sFlow writes 0x3FFFFFFF for an interface that it does not know, SNMP all ones. */
const UNKNOWN_INTERFACE = 1_073_741_823;

/** A whole number up to `max`; 0 where the field is absent, -1 where it is none. */
export function readWithin(spans: FieldSpans, field: number, max: number): number {
  if (!spans.has(field)) return 0;
  const value = parseUint(spans.buffer, spans.from(field), spans.to(field));
  return value <= max ? value : -1;
}

/** Number of the protocol, given as number or name; 0 where the field is absent, -1 where it cannot be read. */
export function readProtocol(spans: FieldSpans): number {
  if (!spans.has(FIELD.proto)) return 0;
  const value = parseUint(spans.buffer, spans.from(FIELD.proto), spans.to(FIELD.proto));
  if (value >= 0) return value <= 255 ? value : -1;
  return protocolNumber(spans.text(FIELD.proto));
}

/**
 * Type x 256 + code, from two fields, from a port that says so, or from `type.code`.
 * @param zeroIsNone type and code 0 may also mean that they are not known: then a port that is not 0 says more
 */
export function readIcmp(spans: FieldSpans, isV6: boolean, zeroIsNone: boolean): number {
  const useV6 = isV6 && spans.has(FIELD.icmp6Type);
  if (useV6 || spans.has(FIELD.icmpType)) {
    const type = readWithin(spans, useV6 ? FIELD.icmp6Type : FIELD.icmpType, 255);
    const code = readWithin(spans, useV6 ? FIELD.icmp6Code : FIELD.icmpCode, 255);
    if (type < 0 || code < 0) return -1;
    if (!zeroIsNone || type + code > 0) return type * 256 + code;
  }
  const port = readWithin(spans, FIELD.dstPort, 65_535);
  if (port >= 0) return port;
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(spans.text(FIELD.dstPort));
  if (match === null) return -1;
  const type = Number(match[1]);
  const code = Number(match[2]);
  return type > 255 || code > 255 ? -1 : type * 256 + code;
}

/** Did the frame carry a VLAN tag? */
export function hasVlan(spans: FieldSpans): boolean {
  return (
    readWithin(spans, FIELD.vlan, UINT32_MAX) > 0 ||
    readWithin(spans, FIELD.vlanIn, UINT32_MAX) > 0 ||
    readWithin(spans, FIELD.srcVlan, UINT32_MAX) > 0 ||
    readWithin(spans, FIELD.dstVlan, UINT32_MAX) > 0
  );
}

/** An ifIndex; 0 where it is unknown, -1 where it cannot be read. */
export function readInterface(spans: FieldSpans, field: number): number {
  const value = readWithin(spans, field, UINT32_MAX);
  return value === UNKNOWN_INTERFACE || value === UINT32_MAX ? 0 : value;
}

/** An AS number; 0 where it is unknown, -1 where it cannot be read. */
export function readAs(spans: FieldSpans, field: number): number {
  const value = readWithin(spans, field, UINT32_MAX);
  return value === UINT32_MAX ? 0 : value;
}

/** What the exporter says about the direction: 0 unknown, 1 ingress, 2 egress. */
export function readDirection(spans: FieldSpans): 0 | 1 | 2 {
  if (!spans.has(FIELD.direction)) return 0;
  switch (spans.text(FIELD.direction).toLowerCase()) {
    case '0':
    case 'i':
    case 'ingress':
      return 1;
    case '1':
    case 'e':
    case 'egress':
      return 2;
    default:
      return 0;
  }
}

/** Observation domain (decimal or 0x…), or NetFlow 5's engine as type x 256 + id; 0 where there is none. */
export function readObservationDomain(spans: FieldSpans): number {
  if (spans.has(FIELD.obsDomain)) {
    const text = spans.text(FIELD.obsDomain);
    const value = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : 0;
    return value <= UINT32_MAX ? value : 0;
  }
  if (spans.has(FIELD.engine)) {
    const match = /^(\d{1,3})\/(\d{1,3})$/.exec(spans.text(FIELD.engine));
    return match === null ? 0 : (Number(match[1]) * 256 + Number(match[2])) & 65_535;
  }
  const type = readWithin(spans, FIELD.engineType, 255);
  const id = readWithin(spans, FIELD.engineId, 255);
  return type < 0 || id < 0 ? 0 : type * 256 + id;
}

/** Sequence number of the export datagram; null where there is none. */
export function readSequence(spans: FieldSpans): number | null {
  if (!spans.has(FIELD.sequence) || spans.kind[FIELD.sequence] === NESTED) return null;
  const value = readWithin(spans, FIELD.sequence, UINT32_MAX);
  return value < 0 ? null : value;
}
