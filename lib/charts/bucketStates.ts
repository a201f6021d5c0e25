import type { Meta } from '@/lib/flows/contracts/envelope';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { SLOT_SECONDS } from '@/lib/flows/presets';

/**
 * whole: drawn as is. partial, provisional: paler, dotted edge. arriving: so much of it is still on its way that an area would
 * show a fall that did not happen; hatched, its value told in words and tables only. gap: nobody was listening, hatched, never
 * a zero. future: not yet, drawn as nothing at all.
 */
export type BucketState = 'whole' | 'partial' | 'provisional' | 'arriving' | 'gap' | 'future';

/** Records reach Weir after they end, so the last two slots are never all there, whatever the watermark says. */
const ARRIVING_SECONDS = 2 * SLOT_SECONDS;

/** The usual active timeout: an exporter tells of a long flow once in this time. */
const LONGEST_WAIT_SECONDS = 1_800;

/** A provisional bucket is drawn where at least this much of its time lies before what is still arriving. */
const ARRIVED_PART = 0.9;

export interface Bucket {
  /** UTC epoch seconds, cut to the range that was answered */
  readonly from: number;
  readonly to: number;
  readonly state: BucketState;
}

/** UTC epoch seconds, half-open */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The time axis of an answer: what an answer over time says of its buckets. */
export interface AnswerAxis {
  /** start of each bucket, UTC epoch seconds */
  readonly buckets: readonly number[];
  readonly end: number;
  /** what divides its sums; 0 = a gap */
  readonly seconds: readonly number[];
  /** BUCKET_FLAGS, added up */
  readonly flags: readonly number[];
}

/**
 * The buckets of an answer, cut to its range, and how each is drawn.
 * @param now when the answer was given, UTC epoch seconds
 */
export function bucketStates(
  rows: AnswerAxis,
  meta: Pick<Meta, 'from' | 'to' | 'watermark'>,
  now: number,
): Bucket[] {
  const arrived = Math.max(meta.watermark ?? meta.from, arrivedUntil(rows, meta, now));
  return rows.buckets.map((start, i) => {
    const from = Math.max(start, meta.from);
    const to = Math.min(rows.buckets[i + 1] ?? rows.end, meta.to);
    const state = stateOf(rows.flags[i] ?? 0, rows.seconds[i] ?? 0);
    const elapsed = Math.min(to, now) - from;
    const isArriving = state === 'provisional' && arrived - from < ARRIVED_PART * elapsed;
    return { from, to, state: isArriving ? ('arriving' as const) : state };
  });
}

/**
 * Until when records have come in, as far as the answer shows: two slots before the last one in which anything was heard. Where
 * nothing was heard for longer than records wait in an exporter, nothing is on its way.
 */
function arrivedUntil(rows: AnswerAxis, meta: Pick<Meta, 'to'>, now: number): number {
  const last = rows.seconds.findLastIndex((seconds) => seconds > 0);
  const end = rows.buckets[last + 1] ?? rows.end;
  // Heard to the end of the range: more may have come behind it.
  const heard = end >= Math.min(meta.to, now) ? now : end;
  return now - heard > LONGEST_WAIT_SECONDS ? now : heard - ARRIVING_SECONDS;
}

/** How a bucket is drawn by its flags alone. */
export function stateOf(flags: number, seconds: number): BucketState {
  if (flags & BUCKET_FLAGS.future) return 'future';
  if (seconds === 0) return 'gap';
  if (flags & BUCKET_FLAGS.provisional) return 'provisional';
  return flags & BUCKET_FLAGS.partial ? 'partial' : 'whole';
}

/** Whether a bucket has values at all. */
export function known(state: BucketState | undefined): boolean {
  return state !== undefined && state !== 'gap' && state !== 'future';
}

/** All buckets of a state, neighbors joined. */
export function joined(buckets: readonly Bucket[], state: BucketState): Span[] {
  const spans: { from: number; to: number }[] = [];
  for (const bucket of buckets) {
    if (bucket.state !== state) continue;
    const last = spans.at(-1);
    if (last && last.to === bucket.from) last.to = bucket.to;
    else spans.push({ from: bucket.from, to: bucket.to });
  }
  return spans;
}

/** Index of the bucket that holds an instant; the nearest one when it lies outside. */
export function bucketAt(buckets: readonly Bucket[], instant: number): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instant < (buckets[middle]?.to ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
