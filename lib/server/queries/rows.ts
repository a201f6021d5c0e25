import 'server-only';
import { z } from 'zod';

/** Integers of 64 bits and more leave ClickHouse quoted. */
export const exact = z.string().regex(/^\d+$/);

/** An integer that fits a number: a count of rows, an epoch second. */
export const small = z.coerce.number().int();

/** Sums of decimal strings, exact. */
export function add(values: Iterable<string>): bigint {
  let sum = 0n;
  for (const value of values) sum += BigInt(value);
  return sum;
}

/** bit/s of bytes over seconds; null where there is no second to divide by. */
export function rateOf(bytes: bigint | string, seconds: number): number | null {
  return seconds > 0 ? Number(BigInt(bytes) * 8n) / seconds : null;
}

/** part / whole, 0 to 1; 0 where the whole is 0. */
export function shareOf(part: bigint | string, whole: bigint | string): number {
  const total = Number(BigInt(whole));
  return total === 0 ? 0 : Number(BigInt(part)) / total;
}
