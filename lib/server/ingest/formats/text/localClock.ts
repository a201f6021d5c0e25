import 'server-only';
import { tzOffset } from '@date-fns/tz';
import { FormatError } from '../format';

const SLOT_MS = 900_000;
const DAY_MS = 86_400_000;
const FIXED_OFFSET = /^([+-])(\d{2}):?(\d{2})$/;

/** What a local time means: usually one instant; two where clocks go back; none where they go forward. */
export interface LocalInstant {
  /** The instant, or the first of two. */
  first: number;
  /** The second of two, else equal to `first`. */
  second: number;
  /** True: the local time exists twice or not at all. */
  uncertain: boolean;
}

/**
 * Turns zone-less local times into instants.
 *
 * A time that exists twice (clocks go back) has two instants and the caller chooses; a time that does not exist
 * (clocks go forward) is read with the offset before the gap, so 02:30 becomes 03:30 summer time, as in RFC 5545.
 *
 * Offsets are looked up once per quarter of an hour: every transition since 1980 leaves whole minutes, and a slot whose
 * edges disagree is worked out each time.
 */
export class LocalClock {
  /** Minutes of milliseconds to subtract from local time where the zone never changes, else null. */
  readonly fixed: number | null;
  private readonly offsets = new Map<number, number | null>();
  private lastSlot = Number.NaN;
  private lastOffset: number | null = null;

  /** @throws FormatError when `zone` is no IANA zone and no offset such as +05:45 */
  constructor(readonly zone: string) {
    const offset = FIXED_OFFSET.exec(zone);
    if (offset !== null) {
      const minutes = Number(offset[2]) * 60 + Number(offset[3]);
      if (minutes > 18 * 60 || Number(offset[3]) > 59) throw notAZone(zone);
      this.fixed = (offset[1] === '-' ? -minutes : minutes) * 60_000;
      return;
    }
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone });
    } catch {
      throw notAZone(zone);
    }
    this.fixed = /^(etc\/)?(utc|gmt|uct|zulu)$/i.test(zone) ? 0 : null;
  }

  /** The offset that holds around a local time (ms, read as if it were UTC), or null near a transition. */
  offsetAt(local: number): number | null {
    if (this.fixed !== null) return this.fixed;
    const slot = Math.floor(local / SLOT_MS);
    if (slot === this.lastSlot) return this.lastOffset;
    let offset = this.offsets.get(slot);
    if (offset === undefined) {
      const start = this.resolve(slot * SLOT_MS);
      const end = this.resolve((slot + 1) * SLOT_MS - 1);
      const sure = !start.uncertain && !end.uncertain && end.first - start.first === SLOT_MS - 1;
      offset = sure ? slot * SLOT_MS - start.first : null;
      if (this.offsets.size > 100_000) this.offsets.clear();
      this.offsets.set(slot, offset);
    }
    this.lastSlot = slot;
    this.lastOffset = offset;
    return offset;
  }

  /** Works a local time out from the zone's rules; slow, for the neighbourhood of transitions. */
  resolve(local: number): LocalInstant {
    if (this.fixed !== null)
      return { first: local - this.fixed, second: local - this.fixed, uncertain: false };
    const before = this.zoneOffset(local - DAY_MS);
    const after = this.zoneOffset(local + DAY_MS);
    const early = local - Math.max(before, after);
    const late = local - Math.min(before, after);
    const earlyHolds = this.zoneOffset(early) === local - early;
    const lateHolds = this.zoneOffset(late) === local - late;
    if (earlyHolds && lateHolds) return { first: early, second: late, uncertain: early !== late };
    if (earlyHolds) return { first: early, second: early, uncertain: false };
    if (lateHolds) return { first: late, second: late, uncertain: false };
    return { first: local - before, second: local - before, uncertain: true };
  }

  private zoneOffset(instant: number): number {
    return Math.round(tzOffset(this.zone, new Date(instant)) * 60_000);
  }
}

function notAZone(zone: string): FormatError {
  return new FormatError(
    `"${zone}" is not a time zone: pass an IANA name or an offset, for example --zone UTC, --zone Europe/Berlin or --zone +05:45`,
  );
}
