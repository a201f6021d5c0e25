/**
 * Numbers for people: three significant figures, powers of 1000, a thin space before the unit.
 * Exact numbers never pass through here; they stay decimal strings (`exact.ts`).
 */

export const THIN_SPACE = '\u2009';
export const MINUS = '\u2212';
/** Stands where there is no value: an en dash, never a zero. */
export const NO_VALUE = '\u2013';

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z'] as const;

/** What a number counts. `bit/s` and bytes take decimal prefixes like everything else here. */
export type Quantity =
  | 'bit/s'
  | 'B/s'
  | 'B'
  | 'bit'
  | 'count'
  | 'packet/s'
  | 'record/s'
  | 'bit/address'
  | 'B/address';

/** How a prefix and a quantity are written together: G + bit/s = "Gb/s". */
function unitOf(prefix: string, quantity: Quantity): string {
  switch (quantity) {
    case 'bit/s':
      return `${prefix}b/s`;
    case 'B/s':
      return `${prefix}B/s`;
    case 'B':
      return `${prefix}B`;
    case 'bit':
      return `${prefix}b`;
    case 'packet/s':
      return `${prefix}pkt/s`;
    case 'record/s':
      return `${prefix}rec/s`;
    case 'bit/address':
      return `${prefix}b/address`;
    case 'B/address':
      return `${prefix}B/address`;
    case 'count':
      return prefix;
  }
}

/** A number split for display: digits, and the unit that stands after a thin space ('' for plain counts). */
export interface Shown {
  readonly digits: string;
  readonly unit: string;
}

/** Three significant figures of 0 < value < 1000, without exponent. */
function significant(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  if (value >= 9.995) return value.toFixed(1);
  if (value >= 0.9995) return value.toFixed(2);
  return value < 0.01 ? '< 0.01' : value.toFixed(2);
}

/** The prefix index under which a magnitude reads as 1 to 999. 999.6 k is 1.00 M, not 1000 k. */
export function prefixFor(magnitude: number): number {
  let index = 0;
  let rest = magnitude;
  while (rest >= 999.5 && index < PREFIXES.length - 1) {
    rest /= 1000;
    index += 1;
  }
  return index;
}

/** Splits a value into digits and unit. Counts below 1000 that are whole stay whole. */
export function show(value: number, quantity: Quantity): Shown {
  const sign = value < 0 ? MINUS : '';
  const magnitude = Math.abs(value);
  if (magnitude === 0) return { digits: '0', unit: unitOf('', quantity) };
  const index = prefixFor(magnitude);
  const scaled = magnitude / 1000 ** index;
  const unit = unitOf(PREFIXES[index] ?? '', quantity);
  const digits = index === 0 && Number.isInteger(scaled) ? String(scaled) : significant(scaled);
  return { digits: sign + digits, unit };
}

/** "4.12 Tb/s"; null is an en dash. */
export function formatValue(value: number | null, quantity: Quantity): string {
  if (value === null) return NO_VALUE;
  const { digits, unit } = show(value, quantity);
  return unit === '' ? digits : `${digits}${THIN_SPACE}${unit}`;
}

/** One value of an axis or column that is shown under a common prefix, so that figures can be compared by eye. */
export function formatUnder(value: number, index: number): string {
  if (value === 0) return '0';
  const scaled = Math.abs(value) / 1000 ** index;
  return (value < 0 ? MINUS : '') + significant(scaled);
}

/** The unit text under a prefix index: (3, 'bit/s') = "Gb/s". */
export function unitUnder(index: number, quantity: Quantity): string {
  return unitOf(PREFIXES[index] ?? '', quantity);
}

/** A part of one as percent: 0.184 = "18.4 %", 1 = "100 %", 0.00002 = "< 0.01 %", 0 = "0 %". */
export function formatShare(part: number | null): string {
  if (part === null) return NO_VALUE;
  const percent = part * 100;
  if (percent === 0) return `0${THIN_SPACE}%`;
  if (Math.abs(percent) < 0.01) return `< 0.01${THIN_SPACE}%`;
  const size = Math.abs(percent);
  const digits = size < 0.1 ? percent.toFixed(2) : size >= 99.95 ? percent.toFixed(0) : percent.toFixed(1);
  return `${digits.replace('-', MINUS)}${THIN_SPACE}%`;
}

/** How a value stands to an earlier one. */
export interface Change {
  readonly direction: 'rise' | 'fall' | 'level' | 'new' | 'none';
  /** "+12.3 %", "new", or an en dash. */
  readonly text: string;
}

/**
 * Relative change against the previous period.
 * From zero to something is "new", not infinite; without an earlier value there is nothing to say.
 */
export function formatChange(now: number | null, before: number | null): Change {
  if (now === null || before === null) return { direction: 'none', text: NO_VALUE };
  if (before === 0) {
    return now === 0 ? { direction: 'level', text: `0${THIN_SPACE}%` } : { direction: 'new', text: 'new' };
  }
  const ratio = now / before;
  if (ratio >= 10)
    return { direction: 'rise', text: `\u00d7${THIN_SPACE}${significant(Math.min(ratio, 9999))}` };
  const percent = (ratio - 1) * 100;
  const rounded = Math.abs(percent) >= 100 ? percent.toFixed(0) : percent.toFixed(1);
  if (Number(rounded) === 0) return { direction: 'level', text: `0.0${THIN_SPACE}%` };
  return percent > 0
    ? { direction: 'rise', text: `+${rounded}${THIN_SPACE}%` }
    : { direction: 'fall', text: `${MINUS}${rounded.slice(1)}${THIN_SPACE}%` };
}

/** A length of time in its largest fitting unit: 300 = "5 min", 86400 = "1 day". */
export function formatDuration(seconds: number): string {
  const whole = (count: number, one: string, many: string): string =>
    `${count}${THIN_SPACE}${count === 1 ? one : many}`;
  if (seconds < 120 && seconds % 60 !== 0) return whole(Math.round(seconds), 's', 's');
  if (seconds < 3600) return whole(Math.round(seconds / 60), 'min', 'min');
  if (seconds < 86_400) {
    const hours = seconds / 3600;
    return `${Number.isInteger(hours) ? hours : hours.toFixed(1)}${THIN_SPACE}h`;
  }
  const days = seconds / 86_400;
  const shown = Number.isInteger(days) ? days : Number(days.toFixed(1));
  return whole(shown, 'day', 'days');
}

/** Digits in groups of three for exact integers: "15,076,546". Takes decimal strings so that nothing is lost. */
export function groupDigits(integer: string): string {
  return integer.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
