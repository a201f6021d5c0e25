import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

/** bit/s by mean of 5-minute means; null = no covered second. */
const rate = z.number().nullable();

const figures = z.object({
  /** bytes, exact */
  volume: integerString,
  /** bit/s: bits of the covered slots / covered seconds */
  meanRate: rate,
  /** bit/s: p95 of the 5-minute means of the drawn direction (both = of the summed series) */
  p95: rate,
  p95Ingress: rate,
  p95Egress: rate,
  /** distinct remote addresses; over whole UTC hours, see `uniquesFrom` and `uniquesTo`. null = nothing can count them, see the notes */
  uniques: z.number().int().nullable(),
  /** 95 % of counts lie within it; 0 = counted exactly */
  uniquesPlusMinus: z.number().int(),
  /** bits per address: volume and addresses of one range, the one of `uniques`; null = no address */
  magnitude: z.number().nullable(),
  packets: integerString,
  flowRecords: integerString,
  /** seconds before the watermark in which an expected exporter was covered */
  coveredSeconds: z.number().int(),
  /** covered exporter-slots / expected, 0 to 1; null = nothing expected */
  coverage: z.number().nullable(),
  from: z.number().int(),
  to: z.number().int(),
  uniquesFrom: z.number().int(),
  uniquesTo: z.number().int(),
});

/**
 * `previous` is null where nothing is compared, or where the period before is not kept or has no data at all
 * (`previousMissing` says which). Compare rates where the two periods differ in length or coverage.
 */
export const headline = defineContract({
  name: 'headline',
  options: noOptions,
  rows: z.object({
    current: figures,
    previous: figures.nullable(),
    previousMissing: z.enum(['not_compared', 'not_retained', 'no_data']).nullable(),
  }),
});

export type HeadlineFigures = z.infer<typeof figures>;
export type HeadlineRows = z.infer<typeof headline.rows>;
