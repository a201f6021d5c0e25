import 'server-only';
import { type Reading, type Rejection, readTime } from './canonical';
import { FIELD, type FieldName } from './fields';
import { TIME_UNKNOWN } from './text/time';

const ZERO = 48;
/** Digits of a 64-bit number. */
const MAX_DIGITS = 20;

/**
 * Reads a time in nanoseconds since 1970, cut to whole milliseconds; other spellings (goflow2's `render: datetimenano`) as everywhere.
 * @returns TIME_UNKNOWN where it is absent or 0
 */
export function readNanoseconds(reading: Reading, field: FieldName): number | Rejection {
  const { spans } = reading;
  const index = FIELD[field];
  if (!spans.has(index)) return TIME_UNKNOWN;
  const { buffer } = spans;
  const start = spans.from(index);
  const end = spans.to(index);
  let milliseconds = 0;
  let known = false;
  for (let p = start; p < end; p++) {
    const digit = (buffer[p] as number) - ZERO;
    if (digit < 0 || digit > 9 || end - start > MAX_DIGITS) return readTime(reading, field);
    if (digit > 0) known = true;
    if (end - p > 6) milliseconds = milliseconds * 10 + digit;
  }
  return known ? milliseconds : TIME_UNKNOWN;
}
