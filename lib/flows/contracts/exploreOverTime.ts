import { z } from 'zod';
import { STEP_NAMES } from '../buckets';
import { DIRECTIONS } from '../direction';
import { MOST_GROUPS, SERIES_MEASURES, type SeriesMeasure } from '../exploreLimits';
import { defineContract } from './contract';
import { integerString } from './envelope';
import { byDimensions, wholeNumber } from './exploreOptions';

export { SERIES_MEASURES, type SeriesMeasure };

/**
 * Statistics of one series. Rates are bit/s, packets/s or records/s; of uniqueness addresses, of magnitude bits per address, where mean and
 * p95 have no meaning and are null. null = no covered second.
 */
const statistics = z.object({
  /** of the last drawn bucket that is whole and not provisional */
  last: z.number().nullable(),
  /** sum of the covered slots / covered seconds; where rows.p95 is null, of the drawn buckets that are covered and not provisional */
  mean: z.number().nullable(),
  /** number ceil(0.95 N) of the N covered slots in ascending order, zeros included; rows.p95 says which slots */
  p95: z.number().nullable(),
  /** greatest of the drawn buckets that are covered and not provisional */
  max: z.number().nullable(),
  /** bytes, packets or records over the whole range */
  total: integerString,
  /** total / total of everything in the same direction, 0 to 1 */
  share: z.number(),
  /** distinct addresses of the whole range, merged; null unless addresses are counted */
  addresses: z.number().int().nullable(),
});

const series = z.object({
  /** the group's key in each dimension asked; null = all other groups together */
  keys: z.array(z.string()).nullable(),
  direction: z.enum(DIRECTIONS),
  /** bytes (packets, records) in each bucket */
  sums: z.array(integerString),
  /** distinct addresses in each bucket; null unless addresses are counted */
  addresses: z.array(z.number().int()).nullable(),
  statistics,
});

const axis = {
  /** start of each bucket, UTC epoch seconds; the first may lie before meta.from, then it is flagged partial */
  buckets: z.array(z.number().int()),
  /** where the last bucket ends */
  end: z.number().int(),
  /** seconds before the watermark in which an expected exporter was covered */
  coveredSeconds: z.array(z.number().int()),
  /** divide sums by these to draw a rate; 0 = draw a gap */
  seconds: z.array(z.number().int()),
  /** BUCKET_FLAGS, added up */
  flags: z.array(z.number().int()),
};

const name = z.object({ dimension: z.string(), key: z.string(), name: z.string() });

/**
 * A measure over time, by the `top` heaviest groups of up to three dimensions, all others together, and the total. Of sums, Other is the total
 * minus what is shown; of distinct addresses it is merged from the others and never a difference. `mirror=1` carries ingress and
 * egress apart. The scope's comparison comes along where there is one, by the same groups.
 */
export const exploreOverTime = defineContract({
  name: 'explore-over-time',
  options: z.strictObject({
    measure: z.enum(SERIES_MEASURES).default('traffic'),
    by: byDimensions.default([]),
    top: wholeNumber(1, MOST_GROUPS).default(8),
    mirror: z
      .literal('1')
      .optional()
      .transform((mirror) => mirror === '1'),
    step: z.enum(STEP_NAMES).optional(),
  }),
  rows: z.object({
    ...axis,
    /** heaviest first over the range, Other last; Other is missing where nothing is left */
    series: z.array(series),
    /** one for each direction that is carried apart */
    totals: z.array(series),
    /** groups that there are in all */
    found: z.number().int(),
    /** there are at least so many: of many addresses nobody else's days are added up, and of closed months only lists are kept */
    foundAtLeast: z.boolean(),
    /** what p95 is of: `slots` = 5-minute means, `hours` = means of hours; null = it cannot be told */
    p95: z.enum(['slots', 'hours']).nullable(),
    /** what keys are called: organisations of ASNs, names of exporters and interfaces */
    names: z.array(name),
    /** the same groups in the range that is compared; null where nothing is compared or `previousMissing` says why */
    previous: z
      .object({
        from: z.number().int(),
        to: z.number().int(),
        ...axis,
        series: z.array(series),
        totals: z.array(series),
      })
      .nullable(),
    previousMissing: z.string().nullable(),
  }),
});

export type ExploreSeries = z.infer<typeof series>;
export type ExploreColumns = z.infer<typeof exploreOverTime.rows>;
export type ExploreAxis = Pick<ExploreColumns, 'buckets' | 'end' | 'coveredSeconds' | 'seconds' | 'flags'>;
export type KeyName = z.infer<typeof name>;
