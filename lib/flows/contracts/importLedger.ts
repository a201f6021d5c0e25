import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

const sums = {
  records: integerString,
  accepted: integerString,
  rejected: integerString,
  duplicates: integerString,
  /** accepted with at least one quality flag */
  flagged: integerString,
};

const batch = z.object({
  batch: z.string(),
  sourceName: z.string(),
  format: z.string(),
  ...sums,
  /** when the ledger took it in */
  storedAt: z.number().int(),
  /** least start and greatest end of its accepted records; null = none accepted */
  firstStart: z.number().int().nullable(),
  lastEnd: z.number().int().nullable(),
  /** `in doubt` = begun more than a minute ago and not finished */
  state: z.enum(['stored', 'under way', 'in doubt', 'lost']),
});

/** What the ledger says of imports, whatever the range. */
export const importLedger = defineContract({
  name: 'import-ledger',
  options: noOptions,
  rows: z.object({
    batches: z.number().int(),
    ...sums,
    inDoubt: z.number().int(),
    lost: z.number().int(),
    /** the newest 50 batches */
    newest: z.array(batch),
    /** in doubt or lost, newest first, at most 20 */
    unfinished: z.array(batch),
    /** by source name, last stored first, at most 50 */
    sources: z.array(
      z.object({
        sourceName: z.string(),
        format: z.string(),
        batches: z.number().int(),
        ...sums,
        lastStored: z.number().int(),
      }),
    ),
    sourceCount: z.number().int(),
  }),
});

export type ImportLedgerRows = z.infer<typeof importLedger.rows>;
export type ImportBatch = z.infer<typeof batch>;
