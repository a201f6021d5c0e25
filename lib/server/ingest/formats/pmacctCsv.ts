import 'server-only';
import { ReadContext } from './context';
import { CsvLines, type LineShape, layoutOf, layoutOfHead, type OtherLine } from './csvLines';
import { type Decoder, formatOf } from './decoder';
import { FIELD, type FieldName } from './fields';
import { FormatError, type FormatOptions } from './format';
import { readPmacctTimes } from './pmacctTimes';

/** Column names of the print plugin; only what is aggregated by appears. */
const COLUMNS: Readonly<Record<string, FieldName>> = {
  TIMESTAMP_START: 'start',
  TIMESTAMP_END: 'end',
  TIMESTAMP_MIN: 'minStart',
  TIMESTAMP_MAX: 'maxEnd',
  TIMESTAMP_ARRIVAL: 'arrival',
  TIMESTAMP_EXPORT: 'exported',
  STAMP_INSERTED: 'binStart',
  STAMP_UPDATED: 'binUpdated',
  SRC_IP: 'srcAddr',
  DST_IP: 'dstAddr',
  SRC_PORT: 'srcPort',
  DST_PORT: 'dstPort',
  PROTOCOL: 'proto',
  TOS: 'tos',
  TCP_FLAGS: 'tcpFlags',
  IN_IFACE: 'inIf',
  OUT_IFACE: 'outIf',
  SRC_AS: 'srcAs',
  DST_AS: 'dstAs',
  BYTES: 'bytes',
  PACKETS: 'packets',
  SAMPLING_RATE: 'samplingRate',
  SAMPLING_DIRECTION: 'direction',
  PEER_SRC_IP: 'exporter',
  EXPORT_PROTO_SYSID: 'obsDomain',
  EXPORT_PROTO_SEQNO: 'sequence',
  EXPORT_PROTO_VERSION: 'protoVersion',
  VLAN: 'vlan',
  IN_VLAN: 'vlanIn',
  VLAN_IN: 'vlanIn',
};
const TIMES: readonly FieldName[] = ['start', 'minStart', 'end', 'maxEnd', 'arrival', 'exported', 'binStart'];

class PmacctLines implements LineShape {
  readonly delimiter = 44;
  readonly unknown = 'no header of pmacct CSV came before this line, so its columns have no names';
  readonly guess = () => null;

  /** Headers are capitals; markers of a purge begin with a dash. */
  mayBeOther(first: number): boolean {
    return (first >= 65 && first <= 90) || first === 45;
  }

  other(line: string): OtherLine {
    if (/^--(?:START|END)/.test(line)) return 'decoration';
    const names = line.split(',').map((name) => name.trim());
    if (!names.includes('BYTES') && !(names.includes('PACKETS') && names.includes('SRC_IP'))) return null;
    const layout = layoutOf(names, COLUMNS);
    const missing = (['srcAddr', 'dstAddr', 'packets', 'bytes'] as const).filter(
      (field) => !layout.names.has(FIELD[field]),
    );
    if (missing.length > 0) {
      return new FormatError(
        `this pmacct CSV has no column for ${missing.join(', ')}: add src_host and dst_host to the aggregate`,
      );
    }
    if (TIMES.some((field) => layout.names.has(FIELD[field]))) return layout;
    return new FormatError(
      'this pmacct CSV has no time: add timestamp_start and timestamp_end to the aggregate',
    );
  }
}

const recipe = {
  name: 'pmacct-csv',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this pmacct CSV'),
  decoder: (head: Buffer, context: ReadContext): Decoder => {
    layoutOfHead(
      head,
      new PmacctLines(),
      'no line at the beginning of this input is a header of pmacct CSV: check --format, or let pmacct write the header (print_output_file_append writes it once, at the top of a file)',
    );
    return new CsvLines(context, new PmacctLines(), {
      format: 'pmacct-csv',
      scaledAtSource: false,
      readTimes: readPmacctTimes,
    });
  },
};

/** CSV of pmacct's print plugin (`print_output: csv`); the header decides, the rules are those of its JSON. */
export const pmacctCsv = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
