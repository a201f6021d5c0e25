import 'server-only';

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

/**
 * Walks the fields of one protobuf message without building anything. Sixty lines instead of a library, because libraries build an
 * object a message and give up a broken one as a whole; here nothing is built, and a broken message ends where it breaks.
 * The encoding: protobuf.dev/programming-guides/encoding. Groups (deprecated since 2008) count as broken.
 */
export class WireReader {
  field = 0;
  type = 0;
  /** Value of a varint, unsigned; a bigint where a number would lose digits. */
  value: number | bigint = 0;
  /** Where the content of a length-delimited field stands. */
  from = 0;
  to = 0;
  broken = false;
  private at: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly end: number,
  ) {
    this.at = start;
  }

  /** Goes to the next field. @returns false at the end, or where the message is broken */
  next(): boolean {
    if (this.at >= this.end || this.broken) return false;
    const tag = Number(this.varint());
    this.field = Math.floor(tag / 8);
    this.type = tag % 8;
    if (this.broken || this.field === 0 || this.field > 536_870_911) return this.fail();
    switch (this.type) {
      case VARINT:
        this.value = this.varint();
        return !this.broken;
      case FIXED64:
        return this.skip(8);
      case FIXED32:
        return this.skip(4);
      case LENGTH_DELIMITED:
        return this.skip(Number(this.varint()));
      default:
        return this.fail();
    }
  }

  private skip(length: number): boolean {
    this.from = this.at;
    this.to = this.at + length;
    if (this.broken || this.to > this.end) return this.fail();
    this.at = this.to;
    return true;
  }

  private fail(): false {
    this.broken = true;
    return false;
  }

  private varint(): number | bigint {
    const { bytes, end } = this;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 7; count++) {
      if (this.at >= end) return this.overrun();
      const byte = bytes[this.at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    // 49 bits are read; up to 15 more follow.
    let high = 0;
    for (let count = 0; count < 3; count++) {
      if (this.at >= end) return this.overrun();
      const byte = bytes[this.at++] as number;
      high += (byte & 127) * 2 ** (7 * count);
      if (byte >= 128) continue;
      if (high < 16) return value + high * scale;
      return BigInt.asUintN(64, BigInt(value) + (BigInt(high) << 49n));
    }
    return this.overrun();
  }

  private overrun(): number {
    this.broken = true;
    return 0;
  }
}
