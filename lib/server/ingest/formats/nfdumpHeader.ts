import 'server-only';
import { type CsvLayout, layoutOf } from './csvLines';
import { FIELD, type FieldName } from './fields';
import { FormatError } from './format';

/** Column names of nfdump: the 48 of 1.6 (`ts,te,td,…`), and those of 1.7 (`-o csv`, `-o csv-fast`, `-o "csv:%ts,…"`). */
const COLUMNS: Readonly<Record<string, FieldName>> = {
  ts: 'start',
  te: 'end',
  td: 'duration',
  tr: 'received',
  sa: 'srcAddr',
  da: 'dstAddr',
  sp: 'srcPort',
  dp: 'dstPort',
  pr: 'proto',
  flg: 'tcpFlags',
  stos: 'tos',
  ipkt: 'packets',
  ibyt: 'bytes',
  opkt: 'outPackets',
  obyt: 'outBytes',
  in: 'inIf',
  out: 'outIf',
  sas: 'srcAs',
  das: 'dstAs',
  dir: 'direction',
  ra: 'exporter',
  eng: 'engine',
  firstSeen: 'start',
  lastSeen: 'end',
  duration: 'duration',
  received: 'received',
  srcAddr: 'srcAddr',
  dstAddr: 'dstAddr',
  srcPort: 'srcPort',
  dstPort: 'dstPort',
  proto: 'proto',
  icmpTYpe: 'icmpType',
  icmpType: 'icmpType',
  icmpCode: 'icmpCode',
  flags: 'tcpFlags',
  tos: 'tos',
  srcTos: 'tos',
  packets: 'packets',
  inPackets: 'packets',
  bytes: 'bytes',
  inBytes: 'bytes',
  outPackets: 'outPackets',
  outBytes: 'outBytes',
  input: 'inIf',
  output: 'outIf',
  srcAS: 'srcAs',
  dstAS: 'dstAs',
  direction: 'direction',
  routerIP: 'exporter',
  engine: 'engine',
  obsDomainID: 'obsDomain',
};

const LEGACY =
  'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr';
const DEFAULT = 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows';
const FAST =
  'cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes';

const NEEDED: readonly FieldName[] = ['start', 'srcAddr', 'dstAddr', 'packets', 'bytes'];

/**
 * Reads a header line.
 * @returns null where the line is no header of nfdump's; an error where it is one but lacks a column that Weir needs
 */
export function readHeader(line: string): CsvLayout | FormatError | null {
  const names = line.split(',').map((name) => name.trim());
  const known = names.filter((name) => Object.hasOwn(COLUMNS, name));
  if (known.length < 2 || known.length * 4 < names.length) return null;
  const layout = layoutOf(names, COLUMNS);
  const missing = NEEDED.filter((field) => !layout.names.has(FIELD[field]));
  if (missing.length === 0) return layout;
  return new FormatError(
    `this CSV has no column for ${missing.join(', ')}: write it with nfdump -o json, or with -o "csv:%ts,%te,%pr,%sa,%sp,%da,%dp,%pkt,%byt,%in,%out,%sas,%das,%ra"`,
  );
}

/** Layout of a record without a header (`nfdump -q` prints none), by its number of columns; null where that is ambiguous. */
export function layoutByColumns(line: string): CsvLayout | null {
  const cells = line.split(',');
  const first = (cells[0] ?? '').trim();
  const isTime = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(first);
  if (cells.length === 48 && isTime) return layoutOf(LEGACY.split(','), COLUMNS);
  if (cells.length === 10 && isTime) return layoutOf(DEFAULT.split(','), COLUMNS);
  if (cells.length === 17 && /^\d+$/.test(first) && /^\d{12,}$/.test((cells[2] ?? '').trim())) {
    return layoutOf(FAST.split(','), COLUMNS);
  }
  return null;
}
