import { isIPv4 } from 'node:net';

/** Bytes of a protobuf message, written by hand: what the tests hold the reader against. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

export function varintField(number: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

export function bytesField(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);
}

/** The bytes of an address, 4 or 16 of them. */
export function addressBytes(text: string): Buffer {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const middle = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = tail === undefined ? before : [...before, ...middle, ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** Field numbers of flowpb.FlowMessage (pb/flow.proto). */
export const FLOW_MESSAGE = {
  type: 1,
  time_received_ns: 110,
  sequence_num: 4,
  sampling_rate: 3,
  sampler_address: 11,
  time_flow_start_ns: 111,
  time_flow_end_ns: 112,
  bytes: 9,
  packets: 10,
  src_addr: 6,
  dst_addr: 7,
  etype: 30,
  proto: 20,
  src_port: 21,
  dst_port: 22,
  in_if: 18,
  out_if: 19,
  vlan_id: 29,
  src_vlan: 33,
  dst_vlan: 34,
  ip_tos: 23,
  tcp_flags: 26,
  icmp_type: 31,
  icmp_code: 32,
  src_as: 14,
  dst_as: 15,
  flow_direction: 42,
  observation_domain_id: 70,
} as const;

export type FlowMessageFields = Partial<Record<keyof typeof FLOW_MESSAGE, number | bigint | string>>;

/** One IPFIX record as goflow2 sees it. */
const RECORD: FlowMessageFields = {
  type: 4,
  time_received_ns: 1795338060_000000000n,
  sequence_num: 21,
  sampling_rate: 1,
  sampler_address: '192.0.2.1',
  time_flow_start_ns: 1795338002_393000000n,
  time_flow_end_ns: 1795338025_289000000n,
  bytes: 98,
  packets: 2,
  src_addr: '192.168.5.16',
  dst_addr: '68.233.253.133',
  etype: 0x800,
  proto: 6,
  src_port: 53605,
  dst_port: 80,
  in_if: 3,
  out_if: 4,
  tcp_flags: 21,
};

/** Fields of one record; undefined leaves one out. */
function fieldsOf(
  values: Partial<Record<keyof typeof FLOW_MESSAGE, number | bigint | string | undefined>>,
): FlowMessageFields {
  const all = { ...RECORD, ...values };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as FlowMessageFields;
}

/** A message without its length. Numbers that are 0 are left out, as every protobuf writer does. */
export function goflow2Body(values: Parameters<typeof fieldsOf>[0] = {}): Buffer {
  return Buffer.concat(
    Object.entries(fieldsOf(values)).map(([name, value]) => {
      const number = FLOW_MESSAGE[name as keyof typeof FLOW_MESSAGE];
      if (typeof value === 'string') return bytesField(number, addressBytes(value));
      return value === 0 ? Buffer.alloc(0) : varintField(number, value as number | bigint);
    }),
  );
}

/** A message with its length before it (`goflow2 -format bin`). */
export function goflow2Message(values: Parameters<typeof fieldsOf>[0] = {}): Buffer {
  const body = goflow2Body(values);
  return Buffer.concat([varint(body.length), body]);
}

const TYPES = ['FLOWUNKNOWN', 'SFLOW_5', 'NETFLOW_V5', 'NETFLOW_V9', 'IPFIX'];
const ETYPES: Record<number, string> = { 2048: 'IPv4', 34525: 'IPv6', 2054: 'ARP' };
const PROTOCOLS: Record<number, string> = { 1: 'ICMP', 2: 'IGMP', 6: 'TCP', 17: 'UDP', 58: 'IPv6-ICMP' };

/** The same record as a line of `goflow2 -format json`: names of types and protocols, and every field of the default mapping. */
export function goflow2Line(values: Parameters<typeof fieldsOf>[0] = {}): string {
  const fields = {
    icmp_type: 0,
    icmp_code: 0,
    ip_tos: 0,
    src_as: 0,
    dst_as: 0,
    vlan_id: 0,
    ...fieldsOf(values),
  };
  const parts = Object.entries(fields).map(([name, value]) => {
    if (name === 'type') return `"type":"${TYPES[Number(value)] ?? value}"`;
    if (name === 'etype') return `"etype":"${ETYPES[Number(value)] ?? value}"`;
    if (name === 'proto') return `"proto":${JSON.stringify(PROTOCOLS[Number(value)] ?? String(value))}`;
    return `"${name}":${typeof value === 'string' ? JSON.stringify(value) : value}`;
  });
  return `{${parts.join(',')},"src_net":"0.0.0.0/0","as_path":[],"mpls_label":[]}\n`;
}
