import 'server-only';
import { type Profile, type Reading, type Rejection, readTime } from './canonical';
import { ReadContext } from './context';
import { type Decoder, readBlocks } from './decoder';
import { FIELD, type FieldName, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import { type Format, type FormatOptions, recordsOf } from './format';
import { JsonRecords } from './jsonRecords';
import { JsonScanner } from './jsonScanner';
import { TIME_UNKNOWN, TimeReader } from './text/time';

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
  readTimes,
};

/**
 * Which of pmacct's times are those of the flow depends on what was configured:
 * start and end (or the least start and greatest end of an aggregate); without them the arrival of a packet sample
 * (sFlow), whose bytes are those of frames; without that the time bin, which says only when, roughly.
 */
function readTimes(reading: Reading): Rejection | null {
  const { clock, times } = reading;
  const start = firstKnown(reading, 'start', 'minStart');
  if (typeof start === 'object') return start;
  times.uncertain = clock.uncertain;
  const end = firstKnown(reading, 'end', 'maxEnd', start);
  if (typeof end === 'object') return end;
  times.uncertain ||= clock.uncertain;
  const received = firstKnown(reading, 'arrival', 'exported');
  if (typeof received === 'object') return received;

  times.received = received;
  times.start = start === TIME_UNKNOWN ? end : start;
  times.end = end;
  times.endMissing = end === TIME_UNKNOWN;
  if (start !== TIME_UNKNOWN) return null;
  times.arrivalOnly = true;
  if (end !== TIME_UNKNOWN) return null;

  times.endMissing = false;
  if (received === TIME_UNKNOWN) return readBin(reading);
  times.uncertain = clock.uncertain;
  times.start = received;
  times.end = received;
  times.frames = !isNetFlow9OrIpfix(reading);
  times.comparedByContent = !times.frames;
  return null;
}

/** The time bin of an aggregate that carries no time of its own. */
function readBin(reading: Reading): Rejection | null {
  const { spans, clock, times } = reading;
  const bin = readTime(reading, 'binStart');
  if (typeof bin === 'object') return bin;
  if (bin === TIME_UNKNOWN) {
    const given = (['start', 'arrival', 'binStart'] as const).find((field) => spans.has(FIELD[field]));
    return given === undefined
      ? {
          reason: 'missing_field',
          detail:
            'timestamp_start, timestamp_arrival and stamp_inserted are missing: add timestamp_start and timestamp_end to the aggregate',
        }
      : {
          reason: 'invalid_time',
          detail: `${profile.fieldName(given)} is "${spans.text(FIELD[given])}": the time is unknown`,
        };
  }
  times.uncertain = clock.uncertain;
  const written = readTime(reading, 'binUpdated');
  if (typeof written === 'object') return written;
  times.start = bin;
  times.end = bin;
  times.received = written;
  // Shares of one bin written at different times may be equal in all fields.
  times.comparedByContent = false;
  return null;
}

function firstKnown(
  reading: Reading,
  field: FieldName,
  other: FieldName,
  notBefore?: number,
): number | Rejection {
  const time = readTime(reading, field, notBefore);
  return time === TIME_UNKNOWN ? readTime(reading, other, notBefore) : time;
}

function isNetFlow9OrIpfix({ spans }: Reading): boolean {
  const version = spans.text(FIELD.protoVersion);
  return version === '9' || version === '10';
}

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
export const pmacctJson: Format = {
  name: 'pmacct-json',
  version: 1,
  needsZone: false,
  scaledAtSource: false,
  readBlocks: (input, options) => readBlocks(recipe, input, options),
  read: (input, options) => recordsOf(pmacctJson, input, options),
};
