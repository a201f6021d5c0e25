import 'server-only';
import type { RejectReason } from '../../record';

const ZERO = 48;

/** Whole number of at most 15 digits in ASCII text [start, end), or -1. */
export function parseUint(text: Uint8Array, start: number, end: number): number {
  if (start >= end || end - start > 15) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (text[i] as number) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Seconds with a fraction, such as 22.896 or -0.5, as whole milliseconds (cut towards zero); NaN where it is none. */
export function parseMilliseconds(text: Uint8Array, start: number, end: number): number {
  const negative = text[start] === 45 && start < end;
  let at = negative ? start + 1 : start;
  const digitsStart = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = (text[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === digitsStart || at - digitsStart > 12) return Number.NaN;
  value *= 1000;
  if (at < end) {
    if (text[at] !== 46) return Number.NaN;
    let weight = 100;
    for (at++; at < end; at++) {
      const digit = (text[at] as number) - ZERO;
      if (digit < 0 || digit > 9) return Number.NaN;
      if (weight >= 1) value += digit * weight;
      weight /= 10;
    }
  }
  return negative ? -value : value;
}

const WHOLE = /^\d+$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Greatest value that a counter may have, also after scaling: bytes are summed in 64 bits with a sign. */
export const MAX_COUNTER = 2n ** 63n - 1n;

/**
 * A counter without loss of digits: a number where that is exact, else a bigint.
 * Zero fractions (98.0) and exponents that leave a whole number are read; a sign or a fraction is named as such.
 */
export function parseCounter(text: string): number | bigint | RejectReason {
  if (WHOLE.test(text)) return exact(BigInt(text));
  const match = DECIMAL.exec(text);
  if (match === null) return 'invalid_number';
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0;
  if (sign === '-') return 'negative_counter';
  const shift = Number(exponent) - fraction.length;
  if (shift >= 0)
    return digits.length + shift > 30 ? 'counter_overflow' : exact(BigInt(digits) * 10n ** BigInt(shift));
  if (/[1-9]/.test(digits.slice(shift)) || digits.length <= -shift) return 'fractional_counter';
  return exact(BigInt(digits.slice(0, shift)));
}

function exact(value: bigint): number | bigint | RejectReason {
  if (value > MAX_COUNTER) return 'counter_overflow';
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
