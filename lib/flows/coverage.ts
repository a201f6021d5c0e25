import { type Intervals, secondsByBucket, secondsOf, unionOf, within } from './intervals';
import { SLOT_SECONDS, type TimeRange } from './presets';

/** What is known of one exporter when an answer is made. Instants are epoch seconds. */
export interface ExporterFacts {
  exporter: string;
  configured: boolean;
  /** nothing is expected of it any more */
  retired: boolean;
  /** instant from which nothing is expected of it, past or to come; null = expected until further notice */
  expectedUntil: number | null;
  /** start of the first and the last five minutes in which it sent anything; null = never */
  firstSeen: number | null;
  lastSeen: number | null;
  lastReceived: number | null;
  daysSeen: number;
  /** p99 over 7 days of how long after the end of five minutes their last record came; null = nothing in 7 days */
  lagSeconds: number | null;
  regions: readonly string[];
}

const DAY = 86_400;
const DAYS_UNTIL_EXPECTED = 3;

/**
 * Configured, or seen on three days or more, until retired. Where that leaves nobody who ever sent anything (a first import), everybody who
 * did is expected, since otherwise nothing could be drawn.
 */
export function expectedExporters(all: readonly ExporterFacts[]): ExporterFacts[] {
  const expected = all.filter(
    ({ configured, retired, daysSeen }) => !retired && (configured || daysSeen >= DAYS_UNTIL_EXPECTED),
  );
  if (expected.some(({ firstSeen }) => firstSeen !== null)) return expected;
  return all.filter(({ firstSeen }) => firstSeen !== null);
}

/**
 * Who was expected at any time: the same rule, but for retirement, which ends an exporter's time and does not undo it. Of a range before its
 * retirement an exporter is expected as it always was.
 */
export function onceExpectedExporters(all: readonly ExporterFacts[]): ExporterFacts[] {
  const once = all.filter(({ configured, daysSeen }) => configured || daysSeen >= DAYS_UNTIL_EXPECTED);
  if (once.some(({ firstSeen }) => firstSeen !== null)) return once;
  return all.filter(({ firstSeen }) => firstSeen !== null);
}

export function isSilent(exporter: Pick<ExporterFacts, 'lastReceived'>, now: number): boolean {
  return exporter.lastReceived === null || exporter.lastReceived < now - DAY;
}

/**
 * Least over expected exporters of (last receive time - p99 lag), rounded down to five minutes so that no slot is cut. Exporters silent
 * for 24 hours do not hold it back; with all of them silent it is now. null = nothing ever came.
 */
export function watermarkOf(expected: readonly ExporterFacts[], now: number): number | null {
  if (!expected.some(({ lastReceived }) => lastReceived !== null)) return null;
  const candidates = expected
    .filter((exporter) => !isSilent(exporter, now))
    .map(({ lastReceived, lagSeconds }) => (lastReceived ?? now) - (lagSeconds ?? 0));
  const watermark = Math.min(now, ...candidates);
  return Math.floor(watermark / SLOT_SECONDS) * SLOT_SECONDS;
}

/** One expected exporter and when it was covered: runs of slots, where one missing slot between two present ones counts as covered. */
export interface ExporterCoverage {
  exporter: string;
  /** from when on it is expected */
  since: number;
  /** until when; null = until further notice */
  until: number | null;
  covered: Intervals;
}

/** How an answer's range is covered. Instants are epoch seconds. */
export interface Coverage {
  range: TimeRange;
  watermark: number | null;
  now: number;
  /** in which at least one expected exporter of the scope was covered; goes on behind the watermark */
  any: Intervals;
  /** in which each of them was */
  all: Intervals;
  /** covered exporter-slots / expected ones before the watermark; null = none expected */
  share: number | null;
}

export function coverageOf(
  exporters: readonly ExporterCoverage[],
  range: TimeRange,
  watermark: number | null,
  now: number,
): Coverage {
  const settled = { from: range.from, to: Math.min(range.to, watermark ?? range.from) };
  let covered = 0;
  let expected = 0;
  const missing: TimeRange[] = [];
  for (const exporter of exporters) {
    const due = dueWithin(settled, exporter.since, exporter.until);
    if (due === null) continue;
    const present = within(exporter.covered, due);
    covered += secondsOf(present);
    expected += due.to - due.from;
    missing.push(...gapsOf(present, due));
  }
  return {
    range,
    watermark,
    now,
    any: within(unionOf(exporters.flatMap(({ covered, until }) => beforeRetirement(covered, until))), range),
    all: gapsOf(unionOf(missing), settled),
    share: expected === 0 ? null : covered / expected,
  };
}

/** The part of a range in which an exporter is expected that is so from `since` until `until`; null = none of it. */
export function dueWithin(range: TimeRange, since: number, until: number | null): TimeRange | null {
  const due = { from: Math.max(range.from, since), to: Math.min(range.to, until ?? range.to) };
  return due.from < due.to ? due : null;
}

// What a retired exporter goes on to send is no coverage: the buckets of a lasting one would be whole without it.
function beforeRetirement(covered: Intervals, until: number | null): TimeRange[] {
  return until === null ? [...covered] : within(covered, { from: 0, to: until });
}

/** What the intervals leave free of a range. */
export function gapsOf(intervals: Intervals, range: TimeRange): TimeRange[] {
  const gaps: TimeRange[] = [];
  let from = range.from;
  for (const interval of intervals) {
    if (interval.from > from) gaps.push({ from, to: interval.from });
    from = Math.max(from, interval.to);
  }
  if (from < range.to) gaps.push({ from, to: range.to });
  return gaps;
}

/** The intervals that covered seconds count: before the watermark, with an expected exporter. */
export function coveredIntervals(coverage: Coverage): TimeRange[] {
  const to = Math.min(coverage.range.to, coverage.watermark ?? coverage.range.from);
  return within(coverage.any, { from: coverage.range.from, to });
}

export interface BucketCoverage {
  /** metrics: covered seconds */
  coveredSeconds: number[];
  /** covered seconds and, behind the watermark, seconds until now in which anything came: what a drawn rate divides by */
  seconds: number[];
  flags: number[];
}

/** Bits of a bucket's flags. */
export const BUCKET_FLAGS = {
  /** not whole: the range begins or ends inside it, or an expected exporter is missing in part of it */
  partial: 1,
  /** holds instants behind the watermark: may still grow */
  provisional: 2,
  /** no expected exporter was covered: a gap, not a zero */
  uncovered: 4,
  /** not before now */
  future: 8,
} as const;

/** Coverage of each bucket [starts[i], starts[i + 1]), the last one ending at `end`. */
export function bucketCoverage(coverage: Coverage, starts: readonly number[], end: number): BucketCoverage {
  const { range, now } = coverage;
  const watermark = coverage.watermark ?? range.from;
  const coveredSeconds = secondsByBucket(coveredIntervals(coverage), starts, end);
  const seconds = secondsByBucket(
    within(coverage.any, { from: range.from, to: Math.min(range.to, now) }),
    starts,
    end,
  );
  const wholly = secondsByBucket(coverage.all, starts, end);
  const flags = starts.map((start, index) => {
    const stop = starts[index + 1] ?? end;
    const cut = start < range.from || stop > range.to;
    const settled = Math.max(0, Math.min(stop, range.to, watermark) - Math.max(start, range.from));
    const incomplete = (wholly[index] ?? 0) < settled;
    return (
      (cut || incomplete ? BUCKET_FLAGS.partial : 0) |
      (Math.min(stop, range.to) > watermark ? BUCKET_FLAGS.provisional : 0) |
      ((seconds[index] ?? 0) === 0 ? BUCKET_FLAGS.uncovered : 0) |
      (start >= now ? BUCKET_FLAGS.future : 0)
    );
  });
  return { coveredSeconds, seconds, flags };
}
