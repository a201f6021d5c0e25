import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

/**
 * What came late. A record is late when its receipt lies an hour or more after its end, and beyond the p99 of its exporter over the
 * range. Days are UTC. `imports`: batches that were stored an hour or more after their last record ended, however they were received.
 */
export const lateData = defineContract({
  name: 'late-data',
  options: noOptions,
  rows: z.object({
    now: z.number().int(),
    watermark: z.number().int().nullable(),
    /** now - watermark, seconds */
    lagSeconds: z.number().int().nullable(),
    /** whose (last receive time - p99 lag) is the watermark; null = nothing came, or all are silent */
    heldBackBy: z
      .object({
        exporter: z.string(),
        name: z.string(),
        lastReceived: z.number().int(),
        lagSeconds: z.number().int(),
      })
      .nullable(),
    /** expected exporters that no longer hold it back: nothing received for 24 hours */
    silent: z.array(z.object({ exporter: z.string(), name: z.string() })),
    /** records with a time of receipt */
    knownRecords: integerString,
    lateRecords: integerString,
    late: z.array(
      z.object({
        exporter: z.string(),
        name: z.string(),
        /** seconds: later than this after the end is late */
        threshold: z.number().int(),
        /** UTC days, YYYY-MM-DD */
        flowDay: z.string(),
        receivedDay: z.string(),
        records: integerString,
      }),
    ),
    imports: z.array(
      z.object({
        firstDay: z.string(),
        lastDay: z.string(),
        storedDay: z.string(),
        batches: z.number().int(),
        records: integerString,
        sources: z.array(z.string()),
      }),
    ),
    importedLateRecords: integerString,
  }),
});

export type LateDataRows = z.infer<typeof lateData.rows>;
