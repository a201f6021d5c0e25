import { z } from 'zod';
import { UNKNOWN_LOSS, type UnknownLoss } from '../sequenceLoss';
import { defineContract, noOptions } from './contract';
import { integerString } from './envelope';

const instant = z.number().int().nullable();

const exporter = z.object({
  exporter: z.string(),
  /** configured name, or the exporter itself */
  name: z.string(),
  regions: z.array(z.string()),
  configured: z.boolean(),
  expected: z.boolean(),
  retired: z.boolean(),
  /** nothing received for 24 hours */
  silent: z.boolean(),
  lastReceived: instant,
  /** records a second over the 15 minutes that end its usual lag (p99 of 7 days) before now; null = never seen */
  recordsPerSecondNow: z.number().nullable(),
  /** counted flow records of the range / its covered seconds before the watermark; null = no covered second */
  recordsPerSecond: z.number().nullable(),
  /** records that begin in the range and count */
  flowRecords: integerString,
  /** of those, without a sampling rate: left out of scaled totals */
  unknownRateRecords: integerString,
  unknownRateShare: z.number(),
  /** all records that begin in the range, also those seen on internal interfaces: what flags, rates and lags count */
  records: integerString,
  notCountedRecords: integerString,
  notCountedBytes: integerString,
  /** what the operators' file sets today for records without a rate; null = nothing */
  configuredRate: z.number().int().nullable(),
  /** sampling rates of its records, most records first; 0 = unknown, 1 = unsampled or scaled at the source */
  rates: z.array(z.object({ rate: z.number().int(), records: integerString })),
  /** seconds from the end of a record to its receipt, of records with a time of receipt: number ceil(q N) of N; null = none */
  lag: z.object({ records: integerString, median: z.number().int(), p99: z.number().int() }).nullable(),
  /** quality flags by name, most records first */
  flags: z.array(z.object({ flag: z.string(), records: integerString })),
  /** faster than their link, or than 1.6 Tb/s where its speed is not known */
  implausibleRecords: integerString,
  formats: z.array(z.object({ format: z.string(), records: integerString })),
  /**
   * what became of the records received in the range, as batches brought them; a batch that came again as a whole is not among them.
   * null = nothing was counted: they came before this was kept, or their batches were computed (the demo)
   */
  receipts: z
    .object({
      accepted: integerString,
      /** left out, because an equal record had come before */
      duplicates: integerString,
      /** of those whose exporter can still be read */
      rejected: integerString,
      /** accepted records with at least one quality flag */
      flagged: integerString,
    })
    .nullable(),
  /** what gaps in sequence numbers say (lib/flows/exportSequence.ts), of what was received in the range; null = nothing was counted */
  loss: z
    .object({
      /** missing / expected; null = not known, and `unknown` says why */
      share: z.number().nullable(),
      /** packets, or records for NetFlow v5 and IPFIX */
      missing: integerString,
      expected: integerString,
      /** what is missing may also have been templates, options or counters */
      atMost: z.boolean(),
      /** times that a count began anew: none of it is loss */
      restarts: z.number().int(),
      unknown: z.enum(Object.keys(UNKNOWN_LOSS) as [UnknownLoss, ...UnknownLoss[]]).nullable(),
      /** observation domains, by version and format: of which loss is known, and all */
      knownCounts: z.number().int(),
      counts: z.number().int(),
    })
    .nullable(),
  /** share of its ingress and egress bytes over interfaces whose boundary nobody configured; null = no bytes */
  unknownBoundaryShare: z.number().nullable(),
  /** covered seconds / expected ones before the watermark; null = nothing expected */
  coverage: z.number().nullable(),
});

/** What each exporter sends and what is doubtful about it, over whole UTC hours. Filters and direction do not apply. */
export const exporterQuality = defineContract({
  name: 'exporter-quality',
  options: noOptions,
  rows: z.object({
    exporters: z.array(exporter),
    /** records of the range that coverage knows of; more than `checkedRecords` where quality is not kept for all of it yet */
    storedRecords: integerString,
    /** of those, counted by quality */
    checkedRecords: integerString,
    /** seen on an internal interface: in no total */
    notCountedRecords: integerString,
    notCountedBytes: integerString,
  }),
});

export type ExporterQualityRows = z.infer<typeof exporterQuality.rows>;
export type ExporterQuality = z.infer<typeof exporter>;
