import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

/**
 * An estimate of what two exporters both count: records of one 5-tuple that overlap in time and come from different exporters, within
 * the newest hour of the range of which raw flows are kept. Of 5-tuples, one in `oneIn` is looked at.
 */
export const doubleCounting = defineContract({
  name: 'double-counting',
  options: noOptions,
  rows: z.object({
    oneIn: z.number().int(),
    /** records looked at */
    flowRecords: integerString,
    /** their ingress and egress bytes */
    bytes: integerString,
    /** of those, counted once too often: what all exporters saw of a shared 5-tuple minus the most that one of them saw */
    doubleBytes: integerString,
    doubleShare: z.number(),
    exporters: z.array(
      z.object({
        exporter: z.string(),
        name: z.string(),
        bytes: integerString,
        /** of those, in records that another exporter saw too */
        sharedBytes: integerString,
        sharedShare: z.number(),
        /** names of the others */
        with: z.array(z.string()),
      }),
    ),
  }),
});

export type DoubleCountingRows = z.infer<typeof doubleCounting.rows>;
