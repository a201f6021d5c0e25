import { z } from 'zod';

export { BUCKET_FLAGS } from '../coverage';

import { DIRECTIONS } from '../direction';
import { parseInstant } from '../urlState';
import { defineContract } from './contract';
import { integerString } from './envelope';

/**
 * Statistics of one drawn series, all computed from the finest slots and never from display points. Rates are bit/s; null = no
 * covered second.
 */
const statistics = z.object({
  /** mean of the last drawn bucket that is whole and not provisional */
  last: z.number().nullable(),
  /** bits of the covered slots / covered seconds */
  mean: z.number().nullable(),
  /** number ceil(0.95 N) of the N covered 5-minute means in ascending order, zeros included */
  p95: z.number().nullable(),
  /** greatest mean of a drawn bucket that is covered and not provisional; its width is meta.bucketSeconds */
  max: z.number().nullable(),
  /** bytes over the whole range */
  total: integerString,
  /** total / total of all types of the same direction, 0 to 1; 0 where that is 0 */
  share: z.number(),
});

const series = z.object({
  /** network type; in stack order, the first at the bottom */
  key: z.string(),
  /** `both` = the sum of ingress and egress */
  direction: z.enum(DIRECTIONS),
  /** bytes in each bucket */
  bytes: z.array(integerString),
  statistics,
});

const columns = z.object({
  /** start of each bucket, UTC epoch seconds; the first may lie before meta.from, then it is flagged partial */
  buckets: z.array(z.number().int()),
  /** end of the last bucket's calendar unit; bucket i ends where i + 1 starts */
  end: z.number().int(),
  /** seconds of the bucket before the watermark in which an expected exporter was covered (metrics: covered seconds) */
  coveredSeconds: z.array(z.number().int()),
  /**
   * divide by these to draw: covered seconds and, in provisional buckets, also the seconds after the watermark and before now in
   * which anything arrived. 0 = draw a gap.
   */
  seconds: z.array(z.number().int()),
  /** BUCKET_FLAGS (`lib/flows/coverage.ts`), added up */
  flags: z.array(z.number().int()),
  /** one for each type (and, mirrored, each direction), in stack order */
  series: z.array(series),
  /** the sum of all types; p95 is that of the summed series, never a sum of p95s. Mirrored: one for each direction */
  totals: z.array(series),
  /**
   * Of a tail: series hold bytes from this bucket on, zeros before it, and neither mean nor p95; the rest stands in the answer that it
   * goes on from (`joinTail`). Missing = the answer is whole.
   */
  tailFrom: z.number().int().optional(),
});

const yes = z.literal('1').optional();

const instant = z.string().transform((text, context) => {
  const seconds = parseInstant(text);
  if (seconds !== null) return seconds;
  context.addIssue({ code: 'custom', message: 'use a UTC instant such as 2026-11-22T10:05:00Z' });
  return z.NEVER;
});

/**
 * `mirror=1` carries ingress and egress apart; otherwise the scope's direction is one series a type. `settled` is the watermark of an
 * answer that the asker holds: while it stands, only the tail is answered.
 */
export const trafficOverTime = defineContract({
  name: 'traffic-over-time',
  options: z
    .strictObject({ mirror: yes, settled: instant.optional() })
    .transform(({ mirror, settled }) => ({ mirror: mirror === '1', settled: settled ?? null })),
  rows: columns,
});

export type TrafficColumns = z.infer<typeof trafficOverTime.rows>;
export type TrafficSeries = z.infer<typeof series>;
export type TrafficStatistics = z.infer<typeof statistics>;
