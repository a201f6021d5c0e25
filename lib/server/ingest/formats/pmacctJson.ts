import 'server-only';
import type { Profile, Reading } from './canonical';
import { ReadContext } from './context';
import { type Decoder, formatOf } from './decoder';
import { FIELD, type FieldName, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import type { FormatOptions } from './format';
import { JsonRecords } from './jsonRecords';
import { JsonScanner } from './jsonScanner';
import { readPmacctTimes } from './pmacctTimes';
import { TimeReader } from './text/time';

const KEYS: readonly (readonly [string, FieldName])[] = [
  ['timestamp_start', 'start'],
  ['timestamp_end', 'end'],
  ['timestamp_min', 'minStart'],
  ['timestamp_max', 'maxEnd'],
  ['timestamp_arrival', 'arrival'],
  ['timestamp_export', 'exported'],
  ['stamp_inserted', 'binStart'],
  ['stamp_updated', 'binUpdated'],
  ['ip_src', 'srcAddr'],
  ['ip_dst', 'dstAddr'],
  ['port_src', 'srcPort'],
  ['port_dst', 'dstPort'],
  ['ip_proto', 'proto'],
  ['tos', 'tos'],
  ['tcp_flags', 'tcpFlags'],
  ['iface_in', 'inIf'],
  ['iface_out', 'outIf'],
  ['as_src', 'srcAs'],
  ['as_dst', 'dstAs'],
  ['bytes', 'bytes'],
  ['packets', 'packets'],
  ['sampling_rate', 'samplingRate'],
  ['sampling_direction', 'direction'],
  ['peer_ip_src', 'exporter'],
  ['export_proto_sysid', 'obsDomain'],
  ['export_proto_seqno', 'sequence'],
  ['export_proto_version', 'protoVersion'],
  ['event_type', 'kind'],
  ['vlan', 'vlan'],
  ['vlan_in', 'vlanIn'],
];

const profile: Profile = {
  format: 'pmacct-json',
  scaledAtSource: false,
  fieldName: (field) => KEYS.find(([, name]) => name === field)?.[0] ?? field,
  readTimes: readPmacctTimes,
};

/** Lines that pmacct writes around each purge (print_markers). */
function isMarker({ spans }: Reading): boolean {
  if (!spans.has(FIELD.kind)) return false;
  const kind = spans.text(FIELD.kind);
  return kind === 'purge_init' || kind === 'purge_close';
}

function decoder(_head: Buffer, context: ReadContext): Decoder {
  const reading: Reading = {
    spans: new FieldSpans(),
    clock: new TimeReader({ clock: context.clock }),
    times: new FlowTimes(),
    profile,
    context,
  };
  const fields = new Map(KEYS.map(([key, field]) => [key, FIELD[field]]));
  return new JsonRecords(new JsonScanner(fields), reading, { pretty: false, isMarker });
}

const recipe = {
  name: 'pmacct-json',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this pmacct JSON'),
  decoder,
};

/** JSON lines of pmacct's daemons (nfacctd, sfacctd, pmacctd): print, Kafka and AMQP plugins. */
export const pmacctJson = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
