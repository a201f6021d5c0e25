/**
 * A 64-bit hash in two lanes of 32 bits, because BigInt arithmetic costs a microsecond a record.
 * The rounds and the final mix are those of MurmurHash3 (Austin Appleby, public domain), one constant set a lane,
 * with the lanes folded into each other at the end.
 */
export class Hash64 {
  private a = 0x8b72e7a5 | 0;
  private b = 0x3c6ef372 | 0;
  private words = 0;

  reset(): void {
    this.a = 0x8b72e7a5 | 0;
    this.b = 0x3c6ef372 | 0;
    this.words = 0;
  }

  /** Takes the low 32 bits of a whole number. */
  word(value: number): void {
    let k = Math.imul(value | 0, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    let h = this.a ^ k;
    h = (h << 13) | (h >>> 19);
    this.a = (Math.imul(h, 5) + 0xe6546b64) | 0;

    let l = Math.imul(value | 0, 0x239b961b);
    l = Math.imul((l << 17) | (l >>> 15), 0xab0e9789);
    let g = this.b ^ l;
    g = (g << 15) | (g >>> 17);
    this.b = (Math.imul(g, 5) + 0x561ccd1b + h) | 0;
    this.words += 1;
  }

  /** Takes a whole number of up to 64 bits. */
  wide(value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.word(Number(BigInt.asUintN(32, value)));
      this.word(Number(BigInt.asUintN(32, value >> 32n)));
    } else {
      this.word(value % 4294967296);
      this.word(Math.floor(value / 4294967296));
    }
  }

  bytes(value: Uint8Array): void {
    for (let i = 0; i + 3 < value.length; i += 4) {
      this.word(
        ((value[i] ?? 0) << 24) |
          ((value[i + 1] ?? 0) << 16) |
          ((value[i + 2] ?? 0) << 8) |
          (value[i + 3] ?? 0),
      );
    }
    for (let i = value.length & ~3; i < value.length; i += 1) this.word(value[i] ?? 0);
  }

  /** Takes the length and the UTF-16 units of a text. */
  text(value: string): void {
    this.word(value.length);
    for (let i = 0; i < value.length; i += 1) this.word(value.charCodeAt(i));
  }

  /** The hash as two unsigned 32-bit halves; never both zero, since 0 stands for "no key". */
  end(): { high: number; low: number } {
    let a = this.a ^ this.words;
    let b = this.b ^ this.words;
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = mix(a);
    b = mix(b);
    a = (a + b) | 0;
    b = (b + a) | 0;
    return a === 0 && b === 0 ? { high: 0, low: 1 } : { high: a >>> 0, low: b >>> 0 };
  }
}

function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
