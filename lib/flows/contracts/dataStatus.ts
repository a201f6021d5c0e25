import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

const instant = z.number().int().nullable();

const exporter = z.object({
  exporter: z.string(),
  /** configured name, or the exporter itself */
  name: z.string(),
  regions: z.array(z.string()),
  configured: z.boolean(),
  /** configured, or seen on three days or more */
  expected: z.boolean(),
  /** start of its first and last 5 minutes with flows */
  firstSeen: instant,
  lastSeen: instant,
  /** last receive time */
  lastReceived: instant,
  /** nothing received for 24 hours: no longer holds the watermark back */
  silent: z.boolean(),
  /** p99 over 7 days of how long after the end of five minutes their last record came, in seconds */
  lagSeconds: z.number().nullable(),
  /** flow records in the range */
  flowRecords: integerString,
  /** share of its flow records in the range without a sampling rate: left out of scaled totals, 0 to 1 */
  unknownRateShare: z.number(),
  /** covered 5-minute slots / slots of the range before the watermark, 0 to 1; null = no such slot */
  coverage: z.number().nullable(),
});

const warning = z.object({
  code: z.string(),
  /** what is wrong, naming the thing */
  message: z.string(),
  /** what to do about it */
  hint: z.string(),
});

/** Is it right? Where data begins and ends, who sends, what is missing, what to mend. */
export const dataStatus = defineContract({
  name: 'data-status',
  options: noOptions,
  rows: z.object({
    /** nothing has ever been stored: show how to import instead of charts */
    empty: z.boolean(),
    /** start of the first and end of the last five minutes with flows, ever */
    firstData: instant,
    lastData: instant,
    watermark: instant,
    /** now, by the server's clock */
    now: z.number().int(),
    exporters: z.array(exporter),
    /** share of flow records in the range without a sampling rate, 0 to 1 */
    unknownRateShare: z.number(),
    /** bytes of the range by stored direction */
    bytesByDirection: z.object({
      ingress: integerString,
      egress: integerString,
      internal: integerString,
      transit: integerString,
    }),
    /** transit bytes / all bytes of the range, 0 to 1 */
    transitShare: z.number(),
    /** share of ingress and egress bytes whose type nobody knows, 0 to 1 */
    unclassifiedShare: z.number(),
    /** records of the range left out because an internal interface saw them; null = the range is longer than a day, or older than raw flows are kept */
    notCounted: z.object({ flowRecords: integerString, bytes: integerString }).nullable(),
    /** records of the range that were rejected, by reason, most first */
    rejected: z.array(z.object({ reason: z.string(), records: integerString })),
    /** false = the address table is not loaded yet: countries and metros are missing from what arrives now */
    geoReady: z.boolean(),
    taxonomyVersion: z.number().int(),
    geoVersion: z.number().int(),
    /** prefixes proposed as own where most bytes are transit */
    proposedPrefixes: z.array(z.object({ prefix: z.string(), bytes: integerString })),
    warnings: z.array(warning),
  }),
});

export type DataStatusRows = z.infer<typeof dataStatus.rows>;
export type ExporterStatus = z.infer<typeof exporter>;
export type StatusWarning = z.infer<typeof warning>;
