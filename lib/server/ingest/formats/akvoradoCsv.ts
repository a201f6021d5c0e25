import 'server-only';
import { AKVORADO_COLUMNS, akvoradoProfile } from './akvoradoProfile';
import { ReadContext } from './context';
import { CsvLines, type LineShape, layoutOf, layoutOfHead, type OtherLine } from './csvLines';
import { type Decoder, formatOf } from './decoder';
import { FIELD } from './fields';
import { FormatError, type FormatOptions } from './format';

class AkvoradoLines implements LineShape {
  readonly delimiter = 44;
  readonly quoted = true;
  readonly unknown = 'no header of Akvorado columns came before this line, so its columns have no names';
  readonly guess = () => null;

  /** Headers begin with a capital, quoted or not. */
  mayBeOther(first: number): boolean {
    return first === 34 || (first >= 65 && first <= 90);
  }

  other(line: string): OtherLine {
    if (!/^"?[A-Z][A-Za-z0-9]+"?(?:,|$)/.test(line)) return null;
    const names = line.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
    const layout = layoutOf(names, AKVORADO_COLUMNS);
    if (layout.names.size < 3) return null;
    const missing = (['received', 'srcAddr', 'dstAddr', 'packets', 'bytes'] as const).filter(
      (field) => !layout.names.has(FIELD[field]),
    );
    if (missing.length === 0) return layout;
    return new FormatError(
      `this Akvorado export has no column for ${missing.join(', ')}: select at least TimeReceived, SamplingRate, ExporterAddress, SrcAddr, DstAddr, Bytes and Packets from the table flows (not from a consolidated one, which has no addresses)`,
    );
  }
}

const recipe = {
  name: 'akvorado-csv',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this Akvorado export'),
  decoder: (head: Buffer, context: ReadContext): Decoder => {
    layoutOfHead(
      head,
      new AkvoradoLines(),
      'no line at the beginning of this input is a header of Akvorado columns: check --format, or export with FORMAT CSVWithNames',
    );
    return new CsvLines(context, new AkvoradoLines(), akvoradoProfile('akvorado-csv'));
  },
};

/** `SELECT … FROM flows FORMAT CSVWithNames` of Akvorado's ClickHouse. */
export const akvoradoCsv = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
