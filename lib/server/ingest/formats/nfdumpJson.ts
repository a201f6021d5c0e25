import 'server-only';
import type { Profile, Reading } from './canonical';
import { ReadContext } from './context';
import { type Decoder, formatOf } from './decoder';
import { FIELD, type FieldName, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import type { FormatOptions } from './format';
import { JsonRecords } from './jsonRecords';
import { JsonScanner } from './jsonScanner';
import { TimeReader } from './text/time';

/** Keys of nfdump 1.7 (`-o json`, `-o ndjson`) and, where they differ, of 1.6. */
const KEYS: readonly (readonly [string, FieldName])[] = [
  ['first', 'start'],
  ['t_first', 'start'],
  ['last', 'end'],
  ['t_last', 'end'],
  ['received', 'received'],
  ['t_received', 'received'],
  ['src4_addr', 'srcAddr'],
  ['src6_addr', 'srcAddr'],
  ['dst4_addr', 'dstAddr'],
  ['dst6_addr', 'dstAddr'],
  ['src_port', 'srcPort'],
  ['dst_port', 'dstPort'],
  ['proto', 'proto'],
  ['src_tos', 'tos'],
  ['tcp_flags', 'tcpFlags'],
  ['icmp_type', 'icmpType'],
  ['icmp_code', 'icmpCode'],
  ['input_snmp', 'inIf'],
  ['output_snmp', 'outIf'],
  ['src_as', 'srcAs'],
  ['dst_as', 'dstAs'],
  ['in_bytes', 'bytes'],
  ['in_packets', 'packets'],
  ['out_bytes', 'outBytes'],
  ['out_packets', 'outPackets'],
  ['sampled', 'sampled'],
  ['direction', 'direction'],
  ['ip4_router', 'exporter'],
  ['ip6_router', 'exporter'],
  ['observationDomainID', 'obsDomain'],
  ['engine_type', 'engineType'],
  ['engine_id', 'engineId'],
  ['type', 'kind'],
];

const NAMES: Partial<Record<FieldName, string>> = {
  start: 'first',
  end: 'last',
  received: 'received',
  srcAddr: 'src4_addr or src6_addr',
  dstAddr: 'dst4_addr or dst6_addr',
};

const profile: Profile = {
  format: 'nfdump-json',
  scaledAtSource: true,
  fieldName: (field) => NAMES[field] ?? KEYS.find(([, name]) => name === field)?.[0] ?? field,
  refuse: ({ spans }) =>
    spans.has(FIELD.kind) && spans.text(FIELD.kind) !== 'FLOW'
      ? { reason: 'not_a_flow', detail: `type is ${spans.text(FIELD.kind)}: only FLOW records carry traffic` }
      : null,
};

function prepare(options: FormatOptions): ReadContext {
  const context = new ReadContext(options, 'nfdump JSON');
  if (context.clock === null) throw context.noZone();
  return context;
}

function decoder(head: Buffer, context: ReadContext): Decoder {
  const reading: Reading = {
    spans: new FieldSpans(),
    // nfdump 1.6 names its keys t_first and writes 5 ms as .5
    clock: new TimeReader({ clock: context.clock, unpaddedMilliseconds: head.includes('"t_first"') }),
    times: new FlowTimes(),
    profile,
    context,
  };
  const fields = new Map(KEYS.map(([key, field]) => [key, FIELD[field]]));
  return new JsonRecords(new JsonScanner(fields), reading, { pretty: true });
}

const recipe = { name: 'nfdump-json', prepare, decoder };

/** `nfdump -o json` (an array, pretty-printed; without brackets under -q) and `-o ndjson`. */
export const nfdumpJson = formatOf(recipe, { version: 1, needsZone: true, scaledAtSource: true });
