import 'server-only';
import { ReadContext } from './context';
import { CsvLines, type LineShape, layoutOfHead, type OtherLine } from './csvLines';
import { type Decoder, formatOf } from './decoder';
import { FIELD } from './fields';
import type { FormatOptions } from './format';
import { layoutByColumns, readHeader } from './nfdumpHeader';

/** Lines that nfdump prints around its records. */
const NO_RECORD =
  /^(?:Summary|Time window|Total (?:flows|records)|Sys:|Wall:|No match(?:ed|ing) flows|flows,bytes,packets)/;
const SUMMARY_VALUES = /^\d+,\d+,\d+,\d+,\d+,\d+$/;

/** Lines of nfdump's CSV: header, records, and a summary of three lines; all of them again where files were joined. */
class NfdumpLines implements LineShape {
  readonly delimiter = 44;
  readonly unknown = 'neither a header of nfdump nor a record';
  readonly guess = layoutByColumns;
  private inSummary = false;

  /** Records begin with a digit; so do the values of a summary, and a time zone away from home would not. */
  mayBeOther(first: number): boolean {
    return this.inSummary || first < 48 || first > 57;
  }

  other(line: string): OtherLine {
    if (line.startsWith('Summary')) this.inSummary = true;
    if (NO_RECORD.test(line) || line.trim() === '') return 'decoration';
    const isValues = this.inSummary && SUMMARY_VALUES.test(line);
    this.inSummary = false;
    return isValues ? 'decoration' : readHeader(line);
  }
}

const recipe = {
  name: 'nfdump-csv',
  prepare: (options: FormatOptions) => new ReadContext(options, 'nfdump CSV'),
  decoder: (head: Buffer, context: ReadContext): Decoder => {
    const layout = layoutOfHead(
      head,
      new NfdumpLines(),
      'no line at the beginning of this input is a header or a record of nfdump CSV: check --format, or write the file with nfdump -o csv',
    );
    // `ts` and the default columns are local times; `csv-fast` has epochs.
    if (context.clock === null && layout?.names.get(FIELD.start) === 'ts') throw context.noZone();
    return new CsvLines(context, new NfdumpLines(), { format: 'nfdump-csv', scaledAtSource: true });
  },
};

/** `nfdump -o csv` of 1.6 and 1.7, `-o csv-fast`, and `-o "csv:%ts,…"`, told apart by header or number of columns. */
export const nfdumpCsv = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: true });
