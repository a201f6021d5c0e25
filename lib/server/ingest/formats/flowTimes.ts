import 'server-only';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import type { RejectReason } from '../record';
import { TIME_UNKNOWN } from './text/time';

/** 1980-01-01T00:00:00Z: no flow record is older than the Internet's protocols. */
const EARLIEST_MS = 315_532_800_000;
const DAY_MS = 86_400_000;
/** How much later than its receipt a flow may end before its exporter's clock is taken to be wrong. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * The times of a record: first as it gives them, then settled. One object serves all records of an input, because
 * a new one for each costs more than reading the record.
 */
export class FlowTimes {
  /** Milliseconds since 1970. */
  start = 0;
  end = 0;
  /** Receipt at the collector, or TIME_UNKNOWN; once settled, the end where it is unknown. */
  received = 0;
  /** The record has no end. */
  endMissing = false;
  /** A local time exists twice or never. */
  uncertain = false;
  /** Bytes are those of frames. */
  frames = false;
  /** Only one time is known. */
  arrivalOnly = false;
  comparedByContent = true;
  /** Bits of QUALITY_FLAGS, once settled. */
  flags = 0;

  clear(): void {
    this.endMissing = false;
    this.uncertain = false;
    this.frames = false;
    this.arrivalOnly = false;
    this.comparedByContent = true;
    this.flags = 0;
  }
}

/**
 * Checks and mends the times of a record by the accounting rules, in this order: impossible times are rejected; an end
 * before the start moves the start to the end; longer than twice the active timeout, the start moves to end minus active
 * timeout; ending more than 60 s after receipt, the flow is shifted to end at receipt. Each kind leaves its flag.
 */
export function settleTimes(
  times: FlowTimes,
  activeTimeoutMs: number,
  now: number,
): { reason: RejectReason; detail: string } | null {
  let flags = 0;
  if (times.uncertain) flags |= QUALITY_FLAGS.localTimeUncertain;
  if (times.arrivalOnly) flags |= QUALITY_FLAGS.arrivalTimeOnly;
  if (times.endMissing) flags |= QUALITY_FLAGS.endMissing;
  let start = times.start;
  let end = times.endMissing ? start : times.end;

  // A receipt before 1980 is a clock that was never set, and as good as none.
  const hasReceipt = times.received !== TIME_UNKNOWN && times.received >= EARLIEST_MS;
  if (!hasReceipt) flags |= QUALITY_FLAGS.noReceiveTime;
  if (start < EARLIEST_MS || end < EARLIEST_MS) {
    const which = start < EARLIEST_MS ? `starts at ${iso(start)}` : `ends at ${iso(end)}`;
    return { reason: 'time_before_1980', detail: `the flow ${which}: check the exporter's clock` };
  }
  const latest = Math.max(start, end);
  if (hasReceipt && times.received > now + DAY_MS) {
    return {
      reason: 'time_in_future',
      detail: `received at ${iso(times.received)}, more than a day after now (${iso(now)}): check the zone and the collector's clock`,
    };
  }
  const reference = hasReceipt ? times.received : now;
  if (latest > reference + DAY_MS) {
    const what = hasReceipt ? 'its receipt' : 'now';
    return {
      reason: 'time_in_future',
      detail: `the flow lies at ${iso(latest)}, more than a day after ${what} (${iso(reference)}): check the zone and the exporter's clock`,
    };
  }

  if (end < start) {
    start = end;
    flags |= QUALITY_FLAGS.endBeforeStart;
  }
  if (end - start > 2 * activeTimeoutMs) {
    start = end - activeTimeoutMs;
    flags |= QUALITY_FLAGS.tooLong;
  }
  if (hasReceipt && end > times.received + CLOCK_TOLERANCE_MS) {
    start -= end - times.received;
    end = times.received;
    flags |= QUALITY_FLAGS.endsAfterReceipt;
  }
  times.start = start;
  times.end = end;
  if (!hasReceipt) times.received = end;
  times.flags = flags;
  return null;
}

function iso(instant: number): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString() : String(instant);
}
