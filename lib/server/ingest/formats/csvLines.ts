import 'server-only';
import type { ParsedRecord } from '../record';
import { canonicalize, type Profile, type Reading } from './canonical';
import type { ReadContext } from './context';
import { type Decoder, MAX_RECORD_BYTES, TextWindow } from './decoder';
import { ABSENT, FIELD, type FieldName, FieldSpans, STRING } from './fields';
import { FlowTimes } from './flowTimes';
import { FormatError } from './format';
import { TimeReader } from './text/time';

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const DASH = 45;

/** Which column is what. */
export interface CsvLayout {
  columns: number;
  /** Field index by column, -1 where the column is not used. */
  fields: Int16Array;
  /** The header's own name of each field. */
  names: ReadonlyMap<number, string>;
}

/** The layout of columns with these names. */
export function layoutOf(names: readonly string[], columns: Readonly<Record<string, FieldName>>): CsvLayout {
  const fields = new Int16Array(names.length).fill(-1);
  const used = new Map<number, string>();
  for (const [index, name] of names.entries()) {
    const field = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (field === undefined) continue;
    fields[index] = FIELD[field];
    used.set(FIELD[field], name);
  }
  return { columns: names.length, fields, names: used };
}

/** What a line is that may be no record: decoration, a header, a header that lacks a column, or null: perhaps a record. */
export type OtherLine = 'decoration' | CsvLayout | FormatError | null;

/** What the lines of a format are like. Made anew for each input: it may remember. */
export interface LineShape {
  /** Code of the character between columns. */
  delimiter: number;
  /** Cells may stand in double quotes, doubled within. */
  quoted?: boolean;
  /** A cell that is only a dash has no value. */
  dashIsMissing?: boolean;
  /** Can a line that begins with this byte be anything but a record? */
  mayBeOther(first: number): boolean;
  /** What such a line, or any line before the first layout is known, is. */
  other(line: string): OtherLine;
  /** Layout of a record without a header; null where that is ambiguous. */
  guess(line: string): CsvLayout | null;
  /** Records without a header may follow in another layout, which their own shape tells. */
  mayChange?: boolean;
  /** What to say of a line that is neither. */
  unknown: string;
}

/** Lines of records, whose columns a header names; the header may come again where files were joined. */
export class CsvLines implements Decoder {
  private layout: CsvLayout | null = null;
  private skipping = false;
  private readonly reading: Reading;

  /** @param profile without names of fields: the header has them */
  constructor(
    private readonly context: ReadContext,
    private readonly shape: LineShape,
    profile: Omit<Profile, 'fieldName'>,
  ) {
    this.reading = {
      spans: new FieldSpans(),
      clock: new TimeReader({ clock: context.clock }),
      times: new FlowTimes(),
      profile: { ...profile, fieldName: (field) => this.layout?.names.get(FIELD[field]) ?? field },
      context,
    };
  }

  push(b: Buffer, out: ParsedRecord[]): number {
    const text = new TextWindow(b);
    let p = 0;
    for (;;) {
      const newline = b.indexOf(NEWLINE, p);
      if (newline < 0) break;
      if (this.skipping) this.skipping = false;
      else this.line(b, p, newline, text, out);
      p = newline + 1;
    }
    if (b.length - p <= MAX_RECORD_BYTES && !this.skipping) return p;
    if (!this.skipping) out.push(tooLarge(text.slice(p, p + 4096)));
    this.skipping = true;
    return b.length;
  }

  end(b: Buffer, out: ParsedRecord[]): void {
    const raw = new TextWindow(b).slice(0, b.length);
    if (raw.trim() === '' || this.shape.other(raw) === 'decoration') return;
    // A cut number is a number too: only the end of the line says that it is whole.
    out.push({
      ok: false,
      reason: 'truncated',
      detail: 'the input ends in the middle of this line; if the line is whole, end it with a line break',
      raw,
    });
  }

  private line(b: Buffer, start: number, newline: number, text: TextWindow, out: ParsedRecord[]): void {
    const end = newline > start && b[newline - 1] === 13 ? newline - 1 : newline;
    if (end === start) return;
    if (end - start > MAX_RECORD_BYTES) {
      out.push(tooLarge(text.slice(start, start + 4096)));
      return;
    }
    const raw = text.slice(start, end);
    if (this.layout === null || this.shape.mayBeOther(b[start] as number)) {
      const other = this.shape.other(raw);
      if (other === 'decoration') return;
      if (other instanceof FormatError) {
        // The header of a joined file: what follows has another layout than what came before.
        this.layout = null;
        out.push({ ok: false, reason: 'malformed', detail: other.message, raw });
        return;
      }
      if (other !== null) {
        this.layout = other;
        return;
      }
      this.layout ??= this.shape.guess(raw);
      if (this.layout === null) {
        out.push({ ok: false, reason: 'malformed', detail: this.shape.unknown, raw });
        return;
      }
    }
    out.push(this.record(b, start, end, this.layout, raw));
  }

  private record(b: Buffer, start: number, end: number, layout: CsvLayout, raw: string): ParsedRecord {
    const { spans } = this.reading;
    const columns =
      this.shape.quoted === true ? this.cutQuoted(b, start, end, layout) : this.cut(b, start, end, layout);
    if (columns !== layout.columns) {
      const other = this.shape.mayChange === true ? this.shape.guess(raw) : null;
      if (other !== null && other.columns === columns) {
        this.layout = other;
        return this.record(b, start, end, other, raw);
      }
      const detail =
        columns < 0
          ? 'a quote is not closed on this line'
          : `${columns} columns, and the header has ${layout.columns}`;
      return { ok: false, reason: 'malformed', detail, raw };
    }
    if (this.shape.dashIsMissing === true) {
      for (let field = 0; field < spans.kind.length; field++) {
        if (spans.to(field) === spans.from(field) + 1 && b[spans.from(field)] === DASH)
          spans.kind[field] = ABSENT;
      }
    }
    const record = canonicalize(this.reading, raw);
    if (record.ok) this.context.accepted = true;
    return record;
  }

  /** Notes where the cells of a line stand. @returns the number of columns */
  private cut(b: Buffer, start: number, end: number, layout: CsvLayout): number {
    const { delimiter } = this.shape;
    this.reading.spans.clear(b);
    let column = 0;
    let cell = start;
    for (let p = start; p <= end; p++) {
      if (p < end && b[p] !== delimiter) continue;
      if (column < layout.columns) this.note(b, layout.fields[column] as number, cell, p);
      column++;
      cell = p + 1;
    }
    return column;
  }

  /** The same where cells may be quoted. @returns -1 where a quote is not closed */
  private cutQuoted(b: Buffer, start: number, end: number, layout: CsvLayout): number {
    const { delimiter } = this.shape;
    this.reading.spans.clear(b);
    let column = 0;
    let p = start;
    for (;;) {
      let from = p;
      let to: number;
      if (p < end && b[p] === QUOTE) {
        from = ++p;
        while (p < end && (b[p] !== QUOTE || b[p + 1] === QUOTE)) p += b[p] === QUOTE ? 2 : 1;
        if (p >= end) return -1;
        to = p++;
        if (p < end && b[p] !== delimiter) return -1;
      } else {
        while (p < end && b[p] !== delimiter) p++;
        to = p;
      }
      if (column < layout.columns) this.note(b, layout.fields[column] as number, from, to);
      column++;
      if (p >= end) return column;
      p++;
    }
  }

  private note(b: Buffer, field: number, from: number, to: number): void {
    if (field < 0) return;
    let start = from;
    let end = to;
    while (start < end && b[start] === SPACE) start++;
    while (end > start && b[end - 1] === SPACE) end--;
    const { spans } = this.reading;
    spans.kind[field] = STRING;
    spans.start[field] = start;
    spans.end[field] = end;
  }
}

function tooLarge(raw: string): ParsedRecord {
  return { ok: false, reason: 'too_large', detail: `a line of more than ${MAX_RECORD_BYTES} bytes`, raw };
}

/**
 * Finds the first line that says how the records are laid out, so that a wrong file fails before anything is read.
 * @returns the layout; null where the head holds nothing but decoration
 */
export function layoutOfHead(head: Buffer, shape: LineShape, otherwise: string): CsvLayout | null {
  let seen = false;
  for (const line of head.toString('latin1', 0, 65_536).split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const other = shape.other(line);
    if (other === 'decoration') continue;
    if (other instanceof FormatError) throw other;
    const layout = other ?? shape.guess(line);
    if (layout !== null) return layout;
    seen = true;
  }
  if (seen) throw new FormatError(otherwise);
  return null;
}
