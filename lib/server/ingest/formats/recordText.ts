import 'server-only';
import { type FieldSpans, NUMBER, STRING } from './fields';

const ZERO = 48;
const DOT = 46;
const COLON = 58;
const QUOTE = 34;
const COMMA = 44;
const HEX = Buffer.from('0123456789abcdef');
/** Room that is always left: a key and a number or an address. */
const ROOM = 512;

/**
 * Writes a record that came as binary values as one JSON object, and notes where its values stand. What a person finds among the
 * rejected records can then be read, and binary formats go through the same rules as text. Byte by byte: a call of Buffer.write for
 * each value costs three times as much as reading the record.
 */
export class RecordText {
  private buffer = Buffer.alloc(1 << 16);
  private length = 0;
  private readonly keys = new Map<string, Uint8Array>();

  constructor(private readonly spans: FieldSpans) {}

  begin(): void {
    this.spans.clear(this.buffer);
    this.buffer[0] = 123;
    this.length = 1;
  }

  /** A number. @param field index, -1 where it is not used */
  number(field: number, key: string, value: number | bigint): void {
    this.key(key);
    const start = this.length;
    if (typeof value === 'bigint') this.bigint(value);
    else if (value >= 0 && Number.isSafeInteger(value)) this.digits(value, 1);
    else this.write(String(value));
    this.note(field, NUMBER, start);
  }

  text(field: number, key: string, value: string): void {
    this.key(key);
    const start = this.length + 1;
    this.write(JSON.stringify(value));
    this.length--;
    this.note(field, STRING, start);
    this.length++;
  }

  /** An IP address, 4 or 16 bytes from..to of `bytes`; other lengths in hexadecimal, which is no address. */
  address(field: number, key: string, bytes: Uint8Array, from = 0, to = bytes.length): void {
    this.key(key);
    this.buffer[this.length++] = QUOTE;
    const start = this.length;
    if (to - from === 4) {
      for (let i = from; i < to; i++) {
        if (i > from) this.buffer[this.length++] = DOT;
        this.digits(bytes[i] as number, 1);
      }
    } else {
      for (let i = from; i < to && i < from + 64; i++) {
        if (to - from === 16 && i > from && (i - from) % 2 === 0) this.buffer[this.length++] = COLON;
        this.buffer[this.length++] = HEX[(bytes[i] as number) >> 4] as number;
        this.buffer[this.length++] = HEX[(bytes[i] as number) & 15] as number;
      }
    }
    this.note(field, STRING, start);
    this.buffer[this.length++] = QUOTE;
  }

  /** The record as text. */
  end(): string {
    this.buffer[this.length++] = 125;
    return this.buffer.toString('utf8', 0, this.length);
  }

  private key(key: string): void {
    let bytes = this.keys.get(key);
    if (bytes === undefined) {
      bytes = Buffer.from(`"${key}":`);
      this.keys.set(key, bytes);
    }
    this.reserve(bytes.length + ROOM);
    const { buffer } = this;
    let at = this.length;
    if (at > 1) buffer[at++] = COMMA;
    for (let i = 0; i < bytes.length; i++) buffer[at++] = bytes[i] as number;
    this.length = at;
  }

  /** A whole number of at least so many digits. */
  private digits(value: number, least: number): void {
    let count = least;
    for (let bound = 10 ** least; bound <= value; bound *= 10) count++;
    const { buffer } = this;
    let rest = value;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tenth = Math.floor(rest / 10);
      buffer[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.length += count;
  }

  private bigint(value: bigint): void {
    if (value < 0n) {
      this.write(String(value));
      return;
    }
    const high = value / 1_000_000_000n;
    if (high > 0xffff_ffff_ffffn) {
      this.write(String(value));
    } else if (high === 0n) {
      this.digits(Number(value), 1);
    } else {
      this.digits(Number(high), 1);
      this.digits(Number(value - high * 1_000_000_000n), 9);
    }
  }

  private note(field: number, kind: number, start: number): void {
    if (field < 0) return;
    this.spans.kind[field] = kind;
    this.spans.start[field] = start;
    this.spans.end[field] = this.length;
  }

  private write(text: string): void {
    this.reserve(text.length * 3 + ROOM);
    this.length += this.buffer.write(text, this.length);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.alloc(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
    this.spans.buffer = larger;
  }
}
