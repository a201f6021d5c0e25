import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

const sample = z.object({
  /** when it was rejected */
  at: z.number().int(),
  sourceName: z.string(),
  /** ordinal of the record within its source, from 0; of Kafka the offset */
  offset: integerString,
  format: z.string(),
  /** what is wrong, and how to mend it */
  detail: z.string(),
  /** the record as it came, at most 400 characters: untrusted text */
  text: z.string(),
  /** the record was longer */
  cut: z.boolean(),
});

/** Records that were rejected in the range (by the time of rejection), by reason, with the newest three of each. */
export const rejectedRecords = defineContract({
  name: 'rejected-records',
  options: noOptions,
  rows: z.object({
    records: integerString,
    reasons: z.array(
      z.object({
        reason: z.string(),
        /** the reason in words */
        meaning: z.string(),
        records: integerString,
        sources: z.number().int(),
        lastAt: z.number().int(),
        samples: z.array(sample),
      }),
    ),
  }),
});

export type RejectedRows = z.infer<typeof rejectedRecords.rows>;
