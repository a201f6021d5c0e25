import type { TrafficColumns, TrafficSeries } from './contracts/trafficOverTime';
import { BUCKET_FLAGS } from './coverage';
import { compareNetworkTypes } from './networkTypes';
import { rateOf, shareOf } from './rates';

type Axis = Pick<TrafficColumns, 'coveredSeconds' | 'flags'>;

/** What drawn buckets tell of a series: the last and the greatest settled mean, bit/s, and all bytes. */
export function drawnStatistics(
  bytes: readonly bigint[],
  axis: Axis,
): { last: number | null; max: number | null; total: bigint } {
  const settled = bytes.flatMap((value, i) => {
    const isSettled = ((axis.flags[i] ?? 0) & BUCKET_FLAGS.provisional) === 0;
    const rate = isSettled ? rateOf(value, axis.coveredSeconds[i] ?? 0) : null;
    return rate === null ? [] : [rate];
  });
  return {
    last: settled.at(-1) ?? null,
    max: settled.length > 0 ? Math.max(...settled) : null,
    total: bytes.reduce((sum, value) => sum + value, 0n),
  };
}

/**
 * An answer with its newest buckets replaced by those of a tail. Mean and p95 are of settled slots only, and a tail comes only while the
 * watermark stands: they stay. Everything else is worked out anew, as the server does it for a whole answer.
 * @returns null where the tail does not fit the answer: then it has to be asked whole
 */
export function joinTail(before: TrafficColumns, tail: TrafficColumns): TrafficColumns | null {
  const from = tail.tailFrom;
  if (from === undefined || before.end !== tail.end || !sameNumbers(before.buckets, tail.buckets))
    return null;
  const cut = tail.buckets.findIndex((start) => start >= from);
  if (cut < 0) return null;
  const directions = tail.totals.map(({ direction }) => direction);
  const keys = [...new Set([...before.series, ...tail.series].map(({ key }) => key))].sort(
    compareNetworkTypes,
  );
  const series: TrafficSeries[] = [];
  const totals: TrafficSeries[] = [];
  for (const direction of directions) {
    const oldTotal = before.totals.find((each) => each.direction === direction);
    if (oldTotal === undefined) return null;
    const joined = keys.map((key) => {
      const isIts = (each: TrafficSeries) => each.key === key && each.direction === direction;
      const old = before.series.find(isIts);
      const fresh = tail.series.find(isIts);
      const bytes = tail.buckets.map((_, i) => BigInt((i < cut ? old : fresh)?.bytes[i] ?? '0'));
      return { key, bytes, old: old?.statistics ?? nothingSettled(oldTotal.statistics) };
    });
    const all = tail.buckets.map((_, i) => joined.reduce((sum, { bytes }) => sum + (bytes[i] ?? 0n), 0n));
    const whole = all.reduce((sum, value) => sum + value, 0n);
    const made = (key: string, bytes: bigint[], old: TrafficSeries['statistics']): TrafficSeries => {
      const { last, max, total } = drawnStatistics(bytes, tail);
      return {
        key,
        direction,
        bytes: bytes.map(String),
        statistics: {
          last,
          mean: old.mean,
          p95: old.p95,
          max,
          total: String(total),
          share: shareOf(total, whole),
        },
      };
    };
    series.push(...joined.map(({ key, bytes, old }) => made(key, bytes, old)));
    totals.push(made('Total', all, oldTotal.statistics));
  }
  const { buckets, end, coveredSeconds, seconds, flags } = tail;
  return { buckets, end, coveredSeconds, seconds, flags, series, totals };
}

/** Of a type that comes up behind the watermark: none but zeros before it, where anything was covered. */
function nothingSettled({ mean, p95 }: TrafficSeries['statistics']): TrafficSeries['statistics'] {
  const zero = (value: number | null) => (value === null ? null : 0);
  return { last: null, mean: zero(mean), p95: zero(p95), max: null, total: '0', share: 0 };
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
