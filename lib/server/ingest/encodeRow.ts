import 'server-only';
import type { FlowRecord } from './record';

/** Columns of flows_landing in the order in which rows are encoded. */
export const LANDING_COLUMNS = [
  'batch_key',
  'dedup_key',
  'ts_start',
  'duration_ms',
  'ts_recv',
  'bytes_raw',
  'packets_raw',
  'sampling_rate',
  'exporter',
  'obs_domain',
  'in_if',
  'out_if',
  'reported_direction',
  'src_ip',
  'dst_ip',
  'src_port',
  'dst_port',
  'proto',
  'tos',
  'tcp_flags',
  'src_as',
  'dst_as',
  'source_format',
  'quality_flags',
] as const;

// What reading a day or a sum back out of an encoded row needs stands before the first text, at fixed places.
const TS_START = 16;
const BYTES_RAW = 36;
const PACKETS_RAW = 44;
const SAMPLING_RATE = 52;
const EXPORTER = 56;
/** Bytes between the end of the exporter's name and the format's name. */
const AFTER_EXPORTER = 60;
/** All bytes of a row but those of its two texts and their lengths. */
const FIXED = EXPORTER + AFTER_EXPORTER + 4;

/** Upper bound of the bytes that a record takes as a row (texts are counted at three bytes a UTF-16 unit). */
export function rowBytesAtMost(record: FlowRecord): number {
  return FIXED + 10 + 3 * (record.exporter.length + record.sourceFormat.length);
}

/** Rows of flows_landing in ClickHouse's RowBinary, in one growing buffer. */
export class RowEncoder {
  private buffer: Buffer;
  private length = 0;
  private readonly texts = new Map<string, Buffer>();
  private readonly keyLow: number;
  private readonly keyHigh: number;

  constructor(batchKey: bigint, expectedRows: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(1024, expectedRows * (FIXED + 32)));
    this.keyLow = Number(BigInt.asUintN(32, batchKey));
    this.keyHigh = Number(BigInt.asUintN(32, batchKey >> 32n));
  }

  add(record: FlowRecord, key: { high: number; low: number } | null): void {
    const exporter = this.text(record.exporter);
    const format = this.text(record.sourceFormat);
    this.reserve(FIXED + exporter.length + format.length);
    const { buffer } = this;
    let at = this.length;
    at = write32(buffer, this.keyLow, at);
    at = write32(buffer, this.keyHigh, at);
    at = write32(buffer, key?.low ?? 0, at);
    at = write32(buffer, key?.high ?? 0, at);
    at = writeInstant(buffer, record.tsStartMs, at);
    at = write32(buffer, record.durationMs, at);
    at = writeInstant(buffer, record.tsRecvMs, at);
    at = writeCounter(buffer, record.bytesRaw, at);
    at = writeCounter(buffer, record.packetsRaw, at);
    at = write32(buffer, record.samplingRate, at);
    buffer.set(exporter, at);
    at += exporter.length;
    at = write32(buffer, record.obsDomain, at);
    at = write32(buffer, record.inIf, at);
    at = write32(buffer, record.outIf, at);
    buffer[at++] = record.reportedDirection;
    buffer.set(record.srcIp, at);
    buffer.set(record.dstIp, at + 16);
    at += 32;
    at = write16(buffer, record.srcPort, at);
    at = write16(buffer, record.dstPort, at);
    buffer[at++] = record.proto;
    buffer[at++] = record.tos;
    buffer[at++] = record.tcpFlags & 0xff;
    at = write32(buffer, record.srcAs, at);
    at = write32(buffer, record.dstAs, at);
    buffer.set(format, at);
    at += format.length;
    this.length = write32(buffer, record.qualityFlags, at);
  }

  /** The rows added so far. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** A text with its length before it, as RowBinary writes it. Batches hold few different ones. */
  private text(value: string): Buffer {
    let known = this.texts.get(value);
    if (known === undefined) {
      const body = Buffer.from(value, 'utf8');
      known = Buffer.concat([varint(body.length), body]);
      this.texts.set(value, known);
    }
    return known;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** What of a batch lies in one UTC day: one part of `flows`. Sums are modulo 2^64, as ClickHouse's are. */
export interface DayRows {
  /** YYYYMMDD */
  day: number;
  rows: number;
  bytes: bigint;
  packets: bigint;
  payload: Buffer;
}

/** Takes encoded rows apart by the UTC day of their start. Throws RangeError when the rows are broken. */
export function splitByDay(payload: Buffer): DayRows[] {
  const days = new Map<number, { rows: number; bytes: bigint; packets: bigint; pieces: Buffer[] }>();
  let start = 0;
  while (start < payload.length) {
    let at = start + EXPORTER;
    at = skipText(payload, at) + AFTER_EXPORTER;
    const end = skipText(payload, at) + 4;
    if (end > payload.length) throw new RangeError('the last row of the batch is cut');
    const day = dayOf(Number(payload.readBigInt64LE(start + TS_START)));
    const rate = BigInt(payload.readUInt32LE(start + SAMPLING_RATE));
    let entry = days.get(day);
    if (entry === undefined) {
      entry = { rows: 0, bytes: 0n, packets: 0n, pieces: [] };
      days.set(day, entry);
    }
    entry.rows += 1;
    entry.bytes += payload.readBigUInt64LE(start + BYTES_RAW) * rate;
    entry.packets += payload.readBigUInt64LE(start + PACKETS_RAW) * rate;
    entry.pieces.push(payload.subarray(start, end));
    start = end;
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, entry]) => ({
      day,
      rows: entry.rows,
      bytes: BigInt.asUintN(64, entry.bytes),
      packets: BigInt.asUintN(64, entry.packets),
      payload: Buffer.concat(entry.pieces),
    }));
}

/** UTC day of an instant as YYYYMMDD. */
export function dayOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

function writeInstant(buffer: Buffer, ms: number, at: number): number {
  const high = Math.floor(ms / 4294967296);
  write32(buffer, ms - high * 4294967296, at);
  return write32(buffer, high, at + 4);
}

function writeCounter(buffer: Buffer, value: number | bigint, at: number): number {
  if (typeof value === 'bigint') return buffer.writeBigUInt64LE(value, at);
  const high = Math.floor(value / 4294967296);
  write32(buffer, value - high * 4294967296, at);
  return write32(buffer, high, at + 4);
}

// Node's own methods check each value, which costs more than the writing; records have been checked.
function write32(buffer: Buffer, value: number, at: number): number {
  buffer[at] = value;
  buffer[at + 1] = value >>> 8;
  buffer[at + 2] = value >>> 16;
  buffer[at + 3] = value >>> 24;
  return at + 4;
}

function write16(buffer: Buffer, value: number, at: number): number {
  buffer[at] = value;
  buffer[at + 1] = value >>> 8;
  return at + 2;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function skipText(buffer: Buffer, start: number): number {
  let at = start;
  let length = 0;
  let shift = 0;
  for (;;) {
    const byte = buffer[at];
    if (byte === undefined) throw new RangeError('a row of the batch is cut');
    at += 1;
    length += (byte & 127) * 2 ** shift;
    if (byte < 128) return at + length;
    shift += 7;
  }
}
