import { goflow2Line, goflow2Message } from '../formats/testing/goflow2';
import type { SpreadRecord } from './expected';

/** A record of the capture as nfdump printed it (UTC), in plain values. It is what every converted input is written from. */
export interface Truth {
  startMs: number;
  endMs: number;
  receivedMs: number;
  src: string;
  dst: string;
  srcPort: number;
  dstPort: number;
  proto: number;
  flags: number;
  tos: number;
  bytes: number;
  packets: number;
  exporter: string;
}

interface Printed {
  first: string;
  last: string;
  received: string;
  src4_addr?: string;
  src6_addr?: string;
  dst4_addr?: string;
  dst6_addr?: string;
  src_port?: number;
  dst_port?: number;
  proto: number;
  tcp_flags?: string;
  src_tos: number;
  in_bytes: number;
  in_packets: number;
  ip4_router: string;
}

/** Reads `nfdump -o json`, with JSON.parse and nothing of Weir's. */
export function truthOf(text: string): Truth[] {
  return (JSON.parse(text) as Printed[]).map((record) => ({
    startMs: Date.parse(`${record.first}Z`),
    endMs: Date.parse(`${record.last}Z`),
    receivedMs: Date.parse(`${record.received}Z`),
    src: record.src4_addr ?? record.src6_addr ?? '',
    dst: record.dst4_addr ?? record.dst6_addr ?? '',
    srcPort: record.src_port ?? 0,
    dstPort: record.dst_port ?? 0,
    proto: record.proto,
    flags: [...'CEUAPRSF'].reduce(
      (bits, letter, i) => bits | (record.tcp_flags?.includes(letter) ? 128 >> i : 0),
      0,
    ),
    tos: record.src_tos,
    bytes: record.in_bytes,
    packets: record.in_packets,
    exporter: record.ip4_router,
  }));
}

/** What spreading needs, with times of the record's own or those that a format leaves of them. */
export function spreadOf(record: Truth, startMs = record.startMs, endMs = record.endMs): SpreadRecord {
  return {
    tsStartMs: startMs,
    durationMs: endMs - startMs,
    bytesRaw: record.bytes,
    packetsRaw: record.packets,
    samplingRate: 1,
  };
}

const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const seconds = (ms: number): number => Math.floor(ms / 1000);

function flowMessage(record: Truth, index: number) {
  return {
    type: 3,
    time_received_ns: ns(record.receivedMs),
    // Differs from record to record, as nothing else need in sampled or very short flows.
    sequence_num: index + 1,
    sampler_address: record.exporter,
    time_flow_start_ns: ns(record.startMs),
    time_flow_end_ns: ns(record.endMs),
    bytes: record.bytes,
    packets: record.packets,
    src_addr: record.src,
    dst_addr: record.dst,
    etype: record.src.includes(':') ? 0x86dd : 0x800,
    proto: record.proto,
    src_port: record.srcPort,
    dst_port: record.dstPort,
    tcp_flags: record.flags,
    ip_tos: record.tos,
    in_if: 0,
    out_if: 0,
  };
}

export function asGoflow2Json(records: readonly Truth[]): Buffer {
  return Buffer.from(records.map((record, index) => goflow2Line(flowMessage(record, index))).join(''));
}

export function asGoflow2Protobuf(records: readonly Truth[]): Buffer {
  return Buffer.concat(records.map((record, index) => goflow2Message(flowMessage(record, index))));
}

/** One object of Weir's own fields. */
function ownFields(record: Truth, index: number): Record<string, string | number | boolean> {
  return {
    ts_start: String(ns(record.startMs)),
    ts_end: String(ns(record.endMs)),
    ts_recv: String(ns(record.receivedMs)),
    exporter: record.exporter,
    src_ip: record.src,
    dst_ip: record.dst,
    src_port: record.srcPort,
    dst_port: record.dstPort,
    proto: record.proto,
    tos: record.tos,
    tcp_flags: record.flags,
    bytes_raw: String(record.bytes),
    packets_raw: String(record.packets),
    sampling_rate: 1,
    sequence: index + 1,
  };
}

export function asWeirNdjson(records: readonly Truth[]): Buffer {
  return Buffer.from(records.map((record, i) => `${JSON.stringify(ownFields(record, i))}\n`).join(''));
}

/** Columns of the same fields in ClickHouse, which writes the Parquet. */
export const OWN_COLUMNS = `ts_start UInt64, ts_end UInt64, ts_recv UInt64, exporter String, src_ip String, dst_ip String,
  src_port UInt16, dst_port UInt16, proto UInt8, tos UInt8, tcp_flags UInt8, bytes_raw UInt64, packets_raw UInt64,
  sampling_rate UInt32, sequence UInt32`;

/** CSV of pmacct's print plugin with timestamps_rfc3339. */
export function asPmacctCsv(records: readonly Truth[]): Buffer {
  const header =
    'PEER_SRC_IP,IN_IFACE,OUT_IFACE,SRC_IP,DST_IP,SRC_PORT,DST_PORT,TCP_FLAGS,PROTOCOL,TOS,SAMPLING_RATE,TIMESTAMP_START,TIMESTAMP_END,TIMESTAMP_ARRIVAL,EXPORT_PROTO_SEQNO,EXPORT_PROTO_VERSION,PACKETS,FLOWS,BYTES';
  const iso = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z');
  const lines = records.map((r, index) =>
    [
      ...[r.exporter, 0, 0, r.src, r.dst, r.srcPort, r.dstPort, r.flags, r.proto, r.tos, 1],
      ...[iso(r.startMs), iso(r.endMs), iso(r.receivedMs), index + 1, 10, r.packets, 1, r.bytes],
    ].join(','),
  );
  return Buffer.from(`${[header, ...lines].join('\n')}\n`);
}

/** A flow log of one interface, in an order of its own; every duration is cut to whole seconds. */
export function asFlowLog(records: readonly Truth[]): Buffer {
  const lines = records.map(
    (r) =>
      `${r.bytes} ${r.packets} ${r.src} ${r.dst} ${r.srcPort} ${r.dstPort} ${r.proto} ${seconds(r.startMs)} ${seconds(r.endMs)} ACCEPT eni-1 OK`,
  );
  return Buffer.from(
    `bytes packets srcaddr dstaddr srcport dstport protocol start end action interface-id log-status\n${lines.join('\n')}\n`,
  );
}

const akvoradoTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const mapped = (address: string): string => (address.includes(':') ? address : `::ffff:${address}`);

function akvoradoRow(r: Truth): Record<string, string | number> {
  return {
    TimeReceived: akvoradoTime(r.receivedMs),
    SamplingRate: 1,
    ExporterAddress: mapped(r.exporter),
    SrcAddr: mapped(r.src),
    DstAddr: mapped(r.dst),
    InIfDescription: 'Transit: "A, B"',
    Proto: r.proto,
    SrcPort: r.srcPort,
    DstPort: r.dstPort,
    Bytes: r.bytes,
    Packets: r.packets,
  };
}

export function asAkvoradoJson(records: readonly Truth[]): Buffer {
  return Buffer.from(records.map((record) => `${JSON.stringify(akvoradoRow(record))}\n`).join(''));
}

/** As `FORMAT CSVWithNames` writes it: text in quotes, quotes doubled. */
export function asAkvoradoCsv(records: readonly Truth[]): Buffer {
  const cell = (value: string | number) =>
    typeof value === 'number' ? String(value) : `"${value.replaceAll('"', '""')}"`;
  const line = (values: (string | number)[]) => `${values.map(cell).join(',')}\n`;
  const rows = records.map(akvoradoRow);
  return Buffer.from(line(Object.keys(rows[0] ?? {})) + rows.map((row) => line(Object.values(row))).join(''));
}

/** Akvorado keeps the second of the receipt and nothing else. */
export function spreadAtReceipt(record: Truth): SpreadRecord {
  const at = seconds(record.receivedMs) * 1000;
  return spreadOf(record, at, at);
}

export function spreadInSeconds(record: Truth): SpreadRecord {
  return spreadOf(record, seconds(record.startMs) * 1000, seconds(record.endMs) * 1000);
}

/** `nfdump -o csv` cuts the start to seconds and keeps the duration. */
export function spreadFromSecond(record: Truth): SpreadRecord {
  const start = seconds(record.startMs) * 1000;
  return spreadOf(record, start, start + record.endMs - record.startMs);
}
