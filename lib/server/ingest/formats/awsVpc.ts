import 'server-only';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { FlowRecord } from '../record';
import type { Reading, Rejection } from './canonical';
import { ReadContext } from './context';
import { type CsvLayout, CsvLines, type LineShape, layoutOf, layoutOfHead, type OtherLine } from './csvLines';
import { type Decoder, formatOf } from './decoder';
import { FIELD, type FieldName } from './fields';
import { FormatError, type FormatOptions } from './format';
import { SeenInterfaces } from './seenInterfaces';
import { isPrivate } from './text/address';

const COLUMNS: Readonly<Record<string, FieldName>> = {
  'account-id': 'account',
  'interface-id': 'exporter',
  srcaddr: 'nearSrcAddr',
  dstaddr: 'nearDstAddr',
  'pkt-srcaddr': 'srcAddr',
  'pkt-dstaddr': 'dstAddr',
  srcport: 'srcPort',
  dstport: 'dstPort',
  protocol: 'proto',
  packets: 'packets',
  bytes: 'bytes',
  start: 'start',
  end: 'end',
  action: 'action',
  'log-status': 'logStatus',
  'tcp-flags': 'tcpFlags',
  'flow-direction': 'direction',
};

const DEFAULT =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
/** The order of the guide's example of version 3, which is the one that people copy. */
const EXAMPLE =
  'version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status';

const IS_DEFAULT = /^2 \S+ \S+ \S+ \S+ (?:[\d-]+ ){7}(?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)$/;
const IS_EXAMPLE =
  /^3 (?:vpc-\S+|-) (?:subnet-\S+|-) (?:i-\S+|-) (?:eni-\S+|-) (?:\d{12}|-) (?:IPv[46]|EFA|-) \S+ \S+ [\d-]+ [\d-]+ \S+ \S+ [\d-]+ (\d+|-) (\d+|-) \d+ \d+ (?:ACCEPT|REJECT|-) [\d-]+ (?:OK|NODATA|SKIPDATA)$/;

class FlowLogLines implements LineShape {
  readonly delimiter = 32;
  readonly dashIsMissing = true;
  readonly mayChange = true;
  readonly unknown =
    'the columns of this line have no names: put the format of the flow log, such as "version account-id interface-id …", as the first line of the input';

  /** A custom order may begin with anything, so every line is looked at. */
  mayBeOther(): boolean {
    return true;
  }

  other(line: string): OtherLine {
    // Digits stand in every record, and in no name of a column.
    if (line.trim() === '') return 'decoration';
    if (/\d/.test(line) || !/^[a-z_$ {}-]+$/i.test(line)) return null;
    const names = line
      .trim()
      .split(' ')
      .map((name) =>
        name
          .replace(/^\$\{(.+)\}$/, '$1')
          .replaceAll('_', '-')
          .toLowerCase(),
      );
    const layout = withoutNat(layoutOf(names, COLUMNS));
    if (layout.names.size < 3) return null;
    const missing = (['srcAddr', 'dstAddr', 'packets', 'bytes', 'start'] as const).filter(
      (field) => !layout.names.has(FIELD[field]),
    );
    if (missing.length === 0) return layout;
    return new FormatError(
      `this flow log has no field for ${missing.join(', ')}: add srcaddr, dstaddr, packets, bytes, start and end to its format`,
    );
  }

  guess(line: string): CsvLayout | null {
    if (IS_DEFAULT.test(line)) return withoutNat(layoutOf(DEFAULT.split(' '), COLUMNS));
    const example = IS_EXAMPLE.exec(line);
    if (example === null) return null;
    // No IP packet is shorter than 20 bytes: with bytes and packets the other way round this cannot hold.
    const [bytes, packets] = [Number(example[1]), Number(example[2])];
    return Number.isNaN(bytes) || bytes >= 20 * packets ? layoutOf(EXAMPLE.split(' '), COLUMNS) : null;
  }
}

/** Without pkt-srcaddr and pkt-dstaddr, the addresses of the interface are all there is. */
function withoutNat(layout: CsvLayout): CsvLayout {
  const names = new Map(layout.names);
  const swap = (near: number, far: number): void => {
    const name = names.get(near);
    if (names.has(far) || name === undefined) return;
    names.delete(near);
    names.set(far, name);
    layout.fields[layout.fields.indexOf(near)] = far;
  };
  swap(FIELD.nearSrcAddr, FIELD.srcAddr);
  swap(FIELD.nearDstAddr, FIELD.dstAddr);
  return { ...layout, names };
}

/** What is no traffic: intervals without records, and what a security group or network ACL turned away. */
function refuse({ spans }: Reading): Rejection | null {
  // A dash in pkt-srcaddr: the packet had no other address than that of the interface.
  spans.copyIfAbsent(FIELD.nearSrcAddr, FIELD.srcAddr);
  spans.copyIfAbsent(FIELD.nearDstAddr, FIELD.dstAddr);
  spans.copyIfAbsent(FIELD.account, FIELD.exporter);
  const status = spans.text(FIELD.logStatus);
  if (status === 'NODATA') {
    return {
      reason: 'no_data',
      detail: 'log-status is NODATA: the interface saw no traffic in this interval',
    };
  }
  if (status === 'SKIPDATA') {
    return {
      reason: 'skipped_data',
      detail: 'log-status is SKIPDATA: records of this interval were lost at AWS',
    };
  }
  if (spans.text(FIELD.action) !== 'REJECT') return null;
  return {
    reason: 'blocked',
    detail: 'action is REJECT: a security group or network ACL let nothing of it through',
  };
}

const recipe = {
  name: 'aws-vpc',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this flow log'),
  decoder: (head: Buffer, context: ReadContext): Decoder => {
    layoutOfHead(
      head,
      new FlowLogLines(),
      'no line at the beginning of this input names the columns, and it is not the default format of version 2: put the format of the flow log, such as "version account-id interface-id …", as the first line',
    );
    const seen = new SeenInterfaces();
    return new CsvLines(context, new FlowLogLines(), {
      format: 'aws-vpc',
      // Flow logs are not sampled: the rate is 1.
      scaledAtSource: true,
      refuse,
      settle: (record, { spans }) => oneEnd(record, spans.has(FIELD.exporter), seen),
    });
  },
};

/**
 * Traffic within a VPC is reported at both ends. Of a 5-tuple the interface that reports it first counts, and no other. Where only
 * one end has been seen, the other may stand in another file: flagged, unless it is the sender's, which is the one to keep.
 */
function oneEnd(record: FlowRecord, knowsInterface: boolean, seen: SeenInterfaces): Rejection | null {
  if (!knowsInterface || !isPrivate(record.srcIp) || !isPrivate(record.dstIp)) return null;
  const first = seen.firstOf(record);
  if (first !== record.exporter) {
    return {
      reason: 'other_end',
      detail: `${first} reports this traffic already: each flow counts at one interface`,
    };
  }
  if (record.reportedDirection !== 2) record.qualityFlags |= QUALITY_FLAGS.maybeAtOtherEnd;
  return null;
}

/** AWS VPC Flow Logs as text: version 2's default order, or any order that a header line names. */
export const awsVpc = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: true });
