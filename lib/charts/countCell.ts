import { formatShare, formatValue, groupDigits, NO_VALUE } from './format';
import type { Cell, Tone } from './tableModel';

/** A count of records: three figures to read, all of them on hover. */
export function countCell(count: string, tone: Tone = 'plain'): Cell {
  const small = count.length <= 4;
  return {
    text: small ? groupDigits(count) : formatValue(Number(count), 'count'),
    exact: count,
    title: groupDigits(count),
    tone: count === '0' ? 'muted' : tone,
  };
}

/** Bytes: three figures with their unit, the exact number on hover. */
export function bytesCell(bytes: string, tone: Tone = 'plain'): Cell {
  return {
    text: formatValue(Number(bytes), 'B'),
    exact: bytes,
    title: `${groupDigits(bytes)} bytes`,
    tone: bytes === '0' ? 'muted' : tone,
  };
}

/** A share, 0 to 1; null = nothing to share. */
export function shareCell(share: number | null, tone: Tone = 'plain'): Cell {
  return {
    text: formatShare(share),
    exact: share === null ? '' : String(share),
    tone: share === null || share === 0 ? 'muted' : tone,
  };
}

/** part / whole of decimal strings, 0 to 1; 0 where there is no whole. */
export function shareOfCounts(part: string, whole: string): number {
  const total = Number(whole);
  return total === 0 ? 0 : Number(part) / total;
}

export const NOTHING: Cell = { text: NO_VALUE, exact: '', tone: 'muted' };
