import 'server-only';
import { type FieldSpans, NESTED } from '../fields';
import { parseUint } from './number';

/** Bit of each letter that nfdump prints, `CEUAPRSF`. */
const LETTER_BITS = new Uint8Array(128);
for (const [index, letter] of [...'FSRPAUEC'].entries()) LETTER_BITS[letter.charCodeAt(0)] = 1 << index;

/**
 * TCP flags as a number (nfacctd: a decimal string), as hexadecimal (0x1b), as nfdump's letters (`...AP.SF`), or as
 * an array of names (pmacct's tcp_flags_encode_as_array). Flags above the low eight (NS) are dropped.
 * @returns 0 where the field is absent, -1 where it cannot be read
 */
export function parseTcpFlags(spans: FieldSpans, field: number): number {
  if (!spans.has(field)) return 0;
  const { buffer } = spans;
  const start = spans.from(field);
  const end = spans.to(field);
  const number = parseUint(buffer, start, end);
  if (number >= 0) return number <= 65_535 ? number & 255 : -1;
  if (spans.kind[field] === NESTED) return flagNames(spans.text(field, 400));
  if (end - start > 2 && buffer[start] === 48 && (buffer[start + 1] === 120 || buffer[start + 1] === 88)) {
    const value = Number(spans.text(field));
    return value <= 65_535 ? value & 255 : -1;
  }
  let flags = 0;
  for (let i = start; i < end; i++) {
    const c = buffer[i] as number;
    if (c === 46) continue;
    const bit = LETTER_BITS[c & 127] as number;
    if (bit === 0 || c > 127) return -1;
    flags |= bit;
  }
  return flags;
}

function flagNames(list: string): number {
  let flags = 0;
  for (const name of list.toUpperCase().match(/[A-Z]+/g) ?? []) {
    flags |= LETTER_BITS[name.charCodeAt(0)] as number;
  }
  return flags;
}
