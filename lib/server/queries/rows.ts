import 'server-only';
import { z } from 'zod';

export { rateOf, shareOf } from '@/lib/flows/rates';

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
