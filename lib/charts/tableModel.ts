import { type CsvHead, csvTable } from './csv';

/** How a cell stands out. Never by color alone: its words say the same. */
export type Tone = 'plain' | 'muted' | 'good' | 'warn' | 'bad';

export interface Column {
  readonly key: string;
  readonly label: string;
  /** what the numbers are, with their unit */
  readonly definition: string;
  readonly align?: 'left' | 'right';
  /** text of any length: cut to leave room for the numbers, whole on hover and in the file */
  readonly long?: boolean;
  /** header in the CSV, with the unit */
  readonly csv: string;
}

export interface Cell {
  /** to read, rounded */
  readonly text: string;
  /** to compute with: exact, in the unit of the CSV's header; '' = no value */
  readonly exact: string;
  /** said on hover */
  readonly title?: string;
  /** a second, smaller line */
  readonly sub?: string;
  readonly tone?: Tone;
  /** a page about it */
  readonly href?: string;
}

export interface TableRow {
  readonly key: string;
  /** one for each column; the first names the row */
  readonly cells: readonly Cell[];
}

/** A table ready to draw and to save: everything is decided here, the component only draws. */
export interface TableModel {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

/** A cell whose text is also its exact value. */
export function plain(text: string, tone: Tone = 'plain'): Cell {
  return { text, exact: text, tone };
}

/** The same table with exact values, as a file. */
export function tableCsv({ columns, rows }: TableModel, head: CsvHead): string {
  const definitions = columns.map(({ csv, definition }) => `${csv}: ${definition}`);
  return csvTable({ ...head, lines: [...head.lines, ...definitions] }, [
    columns.map(({ csv }) => csv),
    ...rows.map(({ cells }) => cells.map(({ exact }) => exact)),
  ]);
}
