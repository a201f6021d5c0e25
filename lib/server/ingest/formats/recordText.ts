import 'server-only';
import { type FieldSpans, NUMBER, STRING } from './fields';

/**
 * Writes a record that came as binary values as one JSON object, and notes where its values stand. What a person finds among the
 * rejected records can then be read, and binary formats go through the same rules as text.
 */
export class RecordText {
  private buffer = Buffer.alloc(1 << 16);
  private length = 0;

  constructor(private readonly spans: FieldSpans) {}

  begin(): void {
    this.spans.clear(this.buffer);
    this.buffer[0] = 123;
    this.length = 1;
  }

  /** A whole number. @param field index, -1 where it is not used */
  number(field: number, key: string, value: number | bigint): void {
    this.key(key);
    const start = this.length;
    this.write(String(value));
    this.note(field, NUMBER, start);
  }

  text(field: number, key: string, value: string): void {
    this.key(key);
    const quoted = JSON.stringify(value);
    const start = this.length + 1;
    this.write(quoted);
    this.length--;
    this.note(field, STRING, start);
    this.length++;
  }

  /** An IP address of 4 or 16 bytes; other bytes in hexadecimal, which is no address. */
  address(field: number, key: string, bytes: Uint8Array): void {
    this.text(field, key, addressOf(bytes));
  }

  /** The record as text. */
  end(): string {
    this.write('}');
    return this.buffer.toString('utf8', 0, this.length);
  }

  private key(key: string): void {
    this.write(this.length > 1 ? `,"${key}":` : `"${key}":`);
  }

  private note(field: number, kind: number, start: number): void {
    if (field < 0) return;
    this.spans.kind[field] = kind;
    this.spans.start[field] = start;
    this.spans.end[field] = this.length;
  }

  private write(text: string): void {
    const bytes = text.length * 3;
    if (this.length + bytes > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(this.buffer.length * 2, this.length + bytes));
      this.buffer.copy(larger, 0, 0, this.length);
      this.buffer = larger;
      this.spans.buffer = larger;
    }
    this.length += this.buffer.write(text, this.length);
  }
}

function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  const hex = Buffer.from(bytes).toString('hex');
  return bytes.length === 16 ? (hex.match(/.{4}/g) ?? []).join(':') : hex;
}
