import type { FlowRecord, ParsedRecord, SentIn } from '../../record';
import { type FormatOptions, formats } from '../index';

/** 2026-11-23T00:00:00Z, the 'now' of the tests. */
export const NOW = Date.UTC(2026, 10, 23);

export const OPTIONS: FormatOptions = { zone: 'UTC', activeTimeoutSeconds: () => 1800, now: NOW };

/** An input of `size` bytes a chunk. */
export async function* chunked(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += Math.max(1, size))
    yield bytes.subarray(at, at + Math.max(1, size));
}

/** All records of a text. */
export async function readAll(
  name: string,
  text: string | Buffer,
  options: Partial<FormatOptions> = {},
  chunkSize?: number,
): Promise<ParsedRecord[]> {
  const format = formats[name];
  if (format === undefined) throw new Error(`no format ${name}`);
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const records: ParsedRecord[] = [];
  const given = { ...OPTIONS, ...options };
  for await (const block of format.readBlocks(chunked(bytes, chunkSize), given)) records.push(...block);
  return records;
}

/** The one record of a text, which must have been accepted. */
export function accepted(records: readonly ParsedRecord[]): FlowRecord {
  const [only] = records;
  if (records.length !== 1 || only === undefined) throw new Error(`${records.length} records instead of one`);
  if (!only.ok) throw new Error(`rejected: ${only.reason}: ${only.detail}`);
  return only.record;
}

/** Reason and detail of the one record of a text, which must have been rejected. */
export function rejected(records: readonly ParsedRecord[]): {
  reason: string;
  detail: string;
  raw: string;
  sentIn?: SentIn;
} {
  const [only] = records;
  if (records.length !== 1 || only === undefined) throw new Error(`${records.length} records instead of one`);
  if (only.ok) throw new Error('accepted');
  const { reason, detail, raw, sentIn } = only;
  return { reason, detail, raw, ...(sentIn === undefined ? {} : { sentIn }) };
}

/** `ok` for accepted records and the reason of the others. */
export function outcomes(records: readonly ParsedRecord[]): string[] {
  return records.map((record) => (record.ok ? 'ok' : record.reason));
}

/** Sixteen bytes as text: dotted where they are mapped IPv4, else eight groups in hexadecimal. */
export function addressText(address: Uint8Array): string {
  const hex = Buffer.from(address).toString('hex');
  if (hex.startsWith('00000000000000000000ffff')) return [...address.subarray(12)].join('.');
  return (hex.match(/.{4}/g) ?? []).join(':');
}

type Values = Record<string, string | number | undefined>;

/** One record as `nfdump -o json` 1.7.1 prints it; `undefined` leaves a key out, a value of type string is quoted. */
export function nfdumpRecord(values: Values = {}): string {
  const record: Values = {
    type: 'FLOW',
    sampled: 0,
    export_sysid: 1,
    first: '2026-11-22T09:00:02.393',
    last: '2026-11-22T09:00:25.289',
    received: '2026-11-22T09:01:00.000',
    in_packets: 2,
    in_bytes: 98,
    proto: 6,
    tcp_flags: '...A.R.F',
    src_port: 53605,
    dst_port: 80,
    src_tos: 0,
    src4_addr: '192.168.5.16',
    dst4_addr: '68.233.253.133',
    input_snmp: 3,
    output_snmp: 4,
    direction: 1,
    ip4_router: '192.0.2.1',
    label: '<none>',
    ...values,
  };
  return `{\n${entries(record, '\t', ' : ').join(',\n')}\n}`;
}

/** One line as nfacctd's print plugin writes it. */
export function pmacctLine(values: Values = {}): string {
  const record: Values = {
    event_type: 'purge',
    etype: '800',
    as_src: 0,
    as_dst: 0,
    peer_ip_src: '192.0.2.1',
    iface_in: 3,
    iface_out: 4,
    ip_src: '192.168.5.16',
    ip_dst: '68.233.253.133',
    port_src: 53605,
    port_dst: 80,
    tcp_flags: '21',
    ip_proto: 'tcp',
    tos: 0,
    sampling_rate: 1,
    timestamp_start: '2026-11-22T09:00:02.393000Z',
    timestamp_end: '2026-11-22T09:00:25.289000Z',
    timestamp_arrival: '2026-11-22T09:01:00.397502Z',
    export_proto_seqno: 21,
    export_proto_version: 10,
    packets: 2,
    bytes: 98,
    ...values,
  };
  return `{${entries(record, '', ': ').join(', ')}}\n`;
}

/** Values that begin with `raw:` are written as they are, without quotes. */
function entries(record: Values, indent: string, colon: string): string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const raw = typeof value === 'string' && value.startsWith('raw:');
    return [`${indent}"${key}"${colon}${raw ? value.slice(4) : JSON.stringify(value)}`];
  });
}
