/**
 * Zones by IANA name. A zone enters in bucketing and in formatting only; every instant stays a UTC epoch second.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  });
  formatters.set(zone, made);
  return made;
}

/** Intl takes names in any case, ClickHouse only as IANA writes them. */
const IANA_NAME = /^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*){0,2}$/;

/** True for an IANA name such as `Asia/Kathmandu`; false for offsets such as `+05:45`, which know no daylight saving. */
export function isTimeZone(zone: string): boolean {
  if (zone.length > 64 || !IANA_NAME.test(zone)) return false;
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

export interface WallClock {
  year: number;
  /** 1 to 12 */
  month: number;
  /** 1 to 31; beyond the month's end it runs on, as in Date.UTC */
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** What a clock in `zone` shows at the instant `epochSeconds`. */
export function wallClockAt(epochSeconds: number, zone: string): WallClock {
  if (zone === 'UTC') return utcClockAt(epochSeconds);
  const clock: WallClock = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  for (const part of formatter(zone).formatToParts(epochSeconds * 1000)) {
    if (part.type in clock) clock[part.type as keyof WallClock] = Number(part.value);
  }
  return clock;
}

/** Asked for each hour of a quarter, where Intl takes a hundred times as long. */
function utcClockAt(epochSeconds: number): WallClock {
  const date = new Date(epochSeconds * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function asUtcSeconds(clock: WallClock): number {
  return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second) / 1000;
}

/** Seconds that clocks in `zone` are ahead of UTC at the instant. */
export function offsetAt(epochSeconds: number, zone: string): number {
  return zone === 'UTC' ? 0 : asUtcSeconds(wallClockAt(epochSeconds, zone)) - epochSeconds;
}

/**
 * The first instant at which a clock in `zone` shows this time or, where the clock jumps over it, the instant of the jump.
 */
export function instantOf(clock: WallClock, zone: string): number {
  const wanted = asUtcSeconds(clock);
  if (zone === 'UTC') return wanted;
  // Offsets a day before and after bracket any change nearby; the earlier instant wins where a time occurs twice.
  const offsets = [offsetAt(wanted - 86_400, zone), offsetAt(wanted + 86_400, zone)];
  const hits = offsets.map((offset) => wanted - offset).filter((t) => t + offsetAt(t, zone) === wanted);
  if (hits.length > 0) return Math.min(...hits);
  // The clock jumps over the wanted time: find the jump between the two readings.
  let before = wanted - Math.max(...offsets) - 1;
  let after = wanted - Math.min(...offsets) + 1;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetAt(middle, zone) < wanted) before = middle;
    else after = middle;
  }
  return after;
}
