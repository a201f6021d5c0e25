import 'server-only';
import { type Profile, type Reading, type Rejection, readTime } from './canonical';
import { ReadContext } from './context';
import { type MakeDecoder, readBlocks } from './decoder';
import { FIELD, type FieldName, FieldSpans } from './fields';
import type { FlowTimes } from './flowTimes';
import type { Format } from './format';
import { recordsOf } from './format';
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
function readTimes(reading: Reading): FlowTimes | Rejection {
  const { spans, times } = reading;
  const start = firstKnown(reading, ['start', 'minStart']);
  if (typeof start === 'object') return start;
  let uncertain = times.uncertain;
  const end = firstKnown(reading, ['end', 'maxEnd'], start);
  if (typeof end === 'object') return end;
  uncertain ||= times.uncertain;
  const received = firstKnown(reading, ['arrival', 'exported']);
  if (typeof received === 'object') return received;

  const common = { uncertain, frames: false, arrivalOnly: false, comparedByContent: true };
  if (start !== TIME_UNKNOWN) {
    return { ...common, start, duration: end === TIME_UNKNOWN ? null : end - start, received };
  }
  if (end !== TIME_UNKNOWN) return { ...common, start: end, duration: 0, received, arrivalOnly: true };
  if (received !== TIME_UNKNOWN) {
    const sample = !isNetFlow9OrIpfix(reading);
    return {
      start: received,
      duration: 0,
      received,
      uncertain: times.uncertain,
      frames: sample,
      arrivalOnly: true,
      comparedByContent: !sample,
    };
  }
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
  const written = readTime(reading, 'binUpdated');
  if (typeof written === 'object') return written;
  // Shares of one bin written at different times may be equal in all fields.
  return {
    ...common,
    start: bin,
    duration: 0,
    received: written,
    arrivalOnly: true,
    comparedByContent: false,
  };
}

function firstKnown(reading: Reading, fields: readonly FieldName[], notBefore?: number): number | Rejection {
  for (const field of fields) {
    const time = readTime(reading, field, notBefore);
    if (time !== TIME_UNKNOWN) return time;
  }
  return TIME_UNKNOWN;
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

const makeDecoder: MakeDecoder = (_head, options) => {
  const context = new ReadContext(options, 'this pmacct JSON');
  const reading: Reading = {
    spans: new FieldSpans(),
    times: new TimeReader({ clock: context.clock }),
    profile,
    context,
  };
  const fields = new Map(KEYS.map(([key, field]) => [key, FIELD[field]]));
  return new JsonRecords(new JsonScanner(fields), reading, isMarker);
};

/** JSON lines of pmacct's daemons (nfacctd, sfacctd, pmacctd): print, Kafka and AMQP plugins. */
export const pmacctJson: Format = {
  name: 'pmacct-json',
  version: 1,
  needsZone: false,
  scaledAtSource: false,
  readBlocks: (input, options) => readBlocks('pmacct-json', makeDecoder, input, options),
  read: (input, options) => recordsOf(pmacctJson, input, options),
};
