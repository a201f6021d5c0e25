import { z } from 'zod';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

/** What each table of the database takes on disk and how long it keeps its rows; what is loaded for enrichment. Whatever the range. */
export const storedTables = defineContract({
  name: 'stored-tables',
  options: noOptions,
  rows: z.object({
    tables: z.array(
      z.object({
        table: z.string(),
        /** days kept; 0 = for ever; null = no setting */
        keepDays: z.number().int().nullable(),
        /** start of its oldest partition (a UTC day or month); null = not partitioned by time, or empty */
        keptFrom: z.number().int().nullable(),
        rows: integerString,
        /** bytes on disk, compressed */
        bytes: integerString,
        bytesPerRow: z.number().nullable(),
      }),
    ),
    bytes: integerString,
    references: z.array(
      z.object({
        name: z.enum(['network', 'taxonomy', 'asn', 'geo']),
        /** 0 = never loaded */
        version: z.number().int(),
        rows: integerString,
        loadedAt: z.number().int().nullable(),
        /** the day the source says it was made, YYYY-MM-DD; null = it does not say */
        madeOn: z.string().nullable(),
        /** where it came from */
        source: z.string(),
      }),
    ),
  }),
});

export type StoredTablesRows = z.infer<typeof storedTables.rows>;
