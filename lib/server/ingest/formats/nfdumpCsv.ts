import 'server-only';
import type { ParsedRecord } from '../record';
import { canonicalize, type Profile, type Reading } from './canonical';
import { ReadContext } from './context';
import { type CsvLayout, layoutByColumns, readHeader } from './csvHeader';
import { type Decoder, MAX_RECORD_BYTES, readBlocks, TextWindow } from './decoder';
import { FIELD, FieldSpans, STRING } from './fields';
import { FlowTimes } from './flowTimes';
import { type Format, FormatError, type FormatOptions, recordsOf } from './format';
import { TimeReader } from './text/time';

const NEWLINE = 10;
const COMMA = 44;
const SPACE = 32;

/** Lines that nfdump prints around its records. */
const NO_RECORD =
  /^(?:Summary|Time window|Total (?:flows|records)|Sys:|Wall:|No match(?:ed|ing) flows|flows,bytes,packets)/;
const SUMMARY_VALUES = /^\d+,\d+,\d+,\d+,\d+,\d+$/;

/** Is it a line that nfdump prints around its records, apart from the values of a summary? */
function isDecoration(line: string): boolean {
  return NO_RECORD.test(line) || line.trim() === '';
}

/** Lines of nfdump's CSV: header, records, and a summary of three lines; all of them again where files were joined. */
class CsvLines implements Decoder {
  private layout: CsvLayout | null = null;
  private inSummary = false;
  private skipping = false;
  private readonly reading: Reading;

  constructor(private readonly context: ReadContext) {
    const profile: Profile = {
      format: 'nfdump-csv',
      scaledAtSource: true,
      fieldName: (field) => this.layout?.names.get(FIELD[field]) ?? field,
    };
    this.reading = {
      spans: new FieldSpans(),
      clock: new TimeReader({ clock: context.clock }),
      times: new FlowTimes(),
      profile,
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
    if (isDecoration(raw) || (this.inSummary && SUMMARY_VALUES.test(raw))) return;
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
    const first = b[start] as number;
    // Records begin with a digit; so do the values of a summary, and a time zone away from home would not.
    if (this.layout === null || this.inSummary || first < 48 || first > 57) {
      const raw = text.slice(start, end);
      if (raw.startsWith('Summary')) this.inSummary = true;
      if (isDecoration(raw)) return;
      if (this.inSummary && SUMMARY_VALUES.test(raw)) {
        this.inSummary = false;
        return;
      }
      this.inSummary = false;
      const header = readHeader(raw);
      if (header instanceof FormatError) {
        // The header of a joined file: what follows has another layout than what came before.
        this.layout = null;
        out.push({ ok: false, reason: 'malformed', detail: header.message, raw });
        return;
      }
      if (header !== null) {
        this.layout = header;
        return;
      }
      this.layout ??= layoutByColumns(raw);
      if (this.layout === null) {
        out.push({ ok: false, reason: 'malformed', detail: 'neither a header of nfdump nor a record', raw });
        return;
      }
    }
    out.push(this.record(b, start, end, this.layout, text));
  }

  private record(b: Buffer, start: number, end: number, layout: CsvLayout, text: TextWindow): ParsedRecord {
    const { spans } = this.reading;
    spans.clear(b);
    const { kind: kinds, start: starts, end: ends } = spans;
    const { fields, columns } = layout;
    let column = 0;
    let cell = start;
    for (let p = start; p <= end; p++) {
      if (p < end && b[p] !== COMMA) continue;
      const field = column < columns ? (fields[column] as number) : -1;
      if (field >= 0) {
        let to = p;
        while (cell < to && b[cell] === SPACE) cell++;
        while (to > cell && b[to - 1] === SPACE) to--;
        kinds[field] = STRING;
        starts[field] = cell;
        ends[field] = to;
      }
      column++;
      cell = p + 1;
    }
    const raw = text.slice(start, end);
    if (column !== columns) {
      return {
        ok: false,
        reason: 'malformed',
        detail: `${column} columns, and the header has ${columns}`,
        raw,
      };
    }
    const record = canonicalize(this.reading, raw);
    if (record.ok) this.context.accepted = true;
    return record;
  }
}

function tooLarge(raw: string): ParsedRecord {
  return { ok: false, reason: 'too_large', detail: `a line of more than ${MAX_RECORD_BYTES} bytes`, raw };
}

/** Finds the first line that says how the records are laid out, so that a wrong file fails before anything is read. */
function checkHead(head: Buffer, context: ReadContext): void {
  let other = false;
  const lines = head.toString('latin1', 0, 65_536).split(/\r?\n/);
  for (const line of lines) {
    if (isDecoration(line)) continue;
    const layout = readHeader(line) ?? layoutByColumns(line);
    if (layout instanceof FormatError) throw layout;
    if (layout !== null) {
      // `ts` and the default columns are local times; `csv-fast` has epochs.
      if (context.clock === null && layout.names.get(FIELD.start) === 'ts') throw context.noZone();
      return;
    }
    other = true;
  }
  if (other) {
    throw new FormatError(
      'no line at the beginning of this input is a header or a record of nfdump CSV: check --format, or write the file with nfdump -o csv',
    );
  }
}

const recipe = {
  name: 'nfdump-csv',
  prepare: (options: FormatOptions) => new ReadContext(options, 'nfdump CSV'),
  decoder: (head: Buffer, context: ReadContext): Decoder => {
    checkHead(head, context);
    return new CsvLines(context);
  },
};

/** `nfdump -o csv` of 1.6 and 1.7, `-o csv-fast`, and `-o "csv:%ts,…"`, told apart by header or number of columns. */
export const nfdumpCsv: Format = {
  name: 'nfdump-csv',
  version: 1,
  needsZone: false,
  scaledAtSource: true,
  readBlocks: (input, options) => readBlocks(recipe, input, options),
  read: (input, options) => recordsOf(nfdumpCsv, input, options),
};
