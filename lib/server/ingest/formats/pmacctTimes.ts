import 'server-only';
import { type Reading, type Rejection, readTime } from './canonical';
import { FIELD, type FieldName } from './fields';
import { TIME_UNKNOWN } from './text/time';

/**
 * Which of pmacct's times are those of the flow depends on what was configured:
 * start and end (or the least start and greatest end of an aggregate); without them the arrival of a packet sample
 * (sFlow), whose bytes are those of frames; without that the time bin, which says only when, roughly.
 */
export function readPmacctTimes(reading: Reading): Rejection | null {
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
  const { spans, clock, times, profile } = reading;
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
