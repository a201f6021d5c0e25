import 'server-only';

/** What a record may say, whatever its format calls it. The order is the index into the arrays of FieldSpans. */
export const FIELD_NAMES = [
  'start',
  'end',
  'duration',
  'received',
  'srcAddr',
  'dstAddr',
  'srcPort',
  'dstPort',
  'proto',
  'tos',
  'tcpFlags',
  'icmpType',
  'icmpCode',
  'inIf',
  'outIf',
  'srcAs',
  'dstAs',
  'bytes',
  'packets',
  'outBytes',
  'outPackets',
  'samplingRate',
  'sampled',
  'direction',
  'exporter',
  'obsDomain',
  'engineType',
  'engineId',
  'engine',
  'sequence',
  'kind',
  'protoVersion',
  'vlan',
  'vlanIn',
  'minStart',
  'maxEnd',
  'arrival',
  'exported',
  'binStart',
  'binUpdated',
  'srcVlan',
  'dstVlan',
  'etherType',
  'icmp6Type',
  'icmp6Code',
  'nearSrcAddr',
  'nearDstAddr',
  'action',
  'logStatus',
  'account',
  'inBoundary',
  'outBoundary',
  'isScaled',
  'layer',
  'isSample',
  'flags',
  'sourceFormat',
] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** Index of each field. */
export const FIELD = Object.fromEntries(FIELD_NAMES.map((name, index) => [name, index])) as Record<
  FieldName,
  number
>;

/** How a value was written. */
export const ABSENT = 0;
export const STRING = 1;
export const NUMBER = 2;
export const LITERAL = 3;
export const NESTED = 4;

/** Where the values of one record stand in a buffer, by field; only fields whose kind is not ABSENT have a place. */
export class FieldSpans {
  buffer: Uint8Array = new Uint8Array(0);
  readonly start = new Int32Array(FIELD_NAMES.length);
  readonly end = new Int32Array(FIELD_NAMES.length);
  readonly kind = new Uint8Array(FIELD_NAMES.length);

  clear(buffer: Uint8Array): void {
    this.buffer = buffer;
    this.kind.fill(ABSENT);
  }

  /** A value worth reading: present, not empty, not null. */
  has(field: number): boolean {
    const kind = this.kind[field] as number;
    return kind !== ABSENT && kind !== LITERAL && (this.end[field] as number) > (this.start[field] as number);
  }

  /** Lets `to` have the value of `from` where it has none of its own. */
  copyIfAbsent(from: number, to: number): void {
    if (this.has(to) || !this.has(from)) return;
    this.kind[to] = this.kind[from] as number;
    this.start[to] = this.start[from] as number;
    this.end[to] = this.end[from] as number;
  }

  from(field: number): number {
    return this.start[field] as number;
  }

  to(field: number): number {
    return this.end[field] as number;
  }

  /** The value as text, cut to 80 characters for messages. */
  text(field: number, limit = 80): string {
    if (this.kind[field] === ABSENT) return '';
    const start = this.from(field);
    let text = '';
    for (let i = start; i < Math.min(this.to(field), start + limit); i++) {
      text += String.fromCharCode(this.buffer[i] as number);
    }
    return text;
  }
}
