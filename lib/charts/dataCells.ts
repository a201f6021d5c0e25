import { NOTHING } from './countCell';
import type { Cell, Column } from './tableModel';
import { inputText, instantText } from './timeText';

export const BYTES: Column = {
  key: 'bytes',
  label: 'Bytes',
  align: 'right',
  csv: 'bytes',
  definition: 'raw x sampling rate, layer 3',
};
export const RECORDS: Column = {
  key: 'records',
  label: 'Records',
  align: 'right',
  csv: 'flow_records',
  definition: 'flow records',
};

/** `2026-11-22 14:05`, with the zone on hover and UTC in the file. */
export function instantCell(instant: number | null, zone: string): Cell {
  if (instant === null) return NOTHING;
  return {
    text: inputText(instant, zone),
    exact: new Date(instant * 1000).toISOString(),
    title: `${instantText(instant, zone)} (${zone})`,
  };
}

/** Text that came from outside, with control and direction marks made visible. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (mark) => {
    const code = mark.codePointAt(0) ?? 0;
    return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });
}
