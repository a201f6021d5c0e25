import { z } from 'zod';

/** Sums leave the server as decimal strings, because JavaScript numbers lose digits above 9e15 (20 hours at 1 Tb/s). */
export const integerString = z.string().regex(/^\d+$/);

/** UTC instant in seconds since 1970. */
const instant = z.number().int();

const range = z.object({ from: instant, to: instant });

export const statementSchema = z.object({
  /** as ClickHouse knows it */
  queryId: z.string(),
  /** with numbered parameters, never with values in it */
  sql: z.string(),
  parameters: z.record(z.string(), z.string()),
  rowsRead: z.number(),
  elapsedMs: z.number(),
});

/** What a reader must know beside the numbers; `code` for the interface, `text` for people. */
export const noteSchema = z.object({
  code: z.string(),
  text: z.string(),
  /** the figure that the text speaks of, for machines */
  figure: z.object({ value: integerString, unit: z.enum(['bytes', 'packets', 'records']) }).optional(),
});

/** What every answer says of itself. */
export const metaSchema = z.object({
  question: z.string(),
  requestId: z.string(),
  /** the tables that answered, as in `traffic_5m + traffic_1h` */
  table: z.string(),
  /** why these tables, in words */
  reason: z.string(),
  /** width of a drawn bucket; a day on which clocks change is longer or shorter than its neighbours. null = no time axis */
  bucketSeconds: z.number().int().nullable(),
  /** the bucket in words: `5 minutes`, `1 day`; null = no time axis */
  bucket: z.string().nullable(),
  /** the range that was answered */
  from: instant,
  to: instant,
  /** the range that was asked; differs from [from, to) only where `widened` says why */
  asked: range,
  widened: z.string().nullable(),
  zone: z.string(),
  /** false where part of the range is provisional, uncovered or only partly covered */
  complete: z.boolean(),
  /** numbers from here on may still grow; null = none of the range */
  provisionalFrom: instant.nullable(),
  /** everything before it has arrived, as far as anybody can know; null = nothing has ever arrived */
  watermark: instant.nullable(),
  /** covered exporter-slots / expected ones before the watermark, 0 to 1; null = nothing expected */
  coverage: z.number().nullable(),
  elapsedMs: z.number(),
  /** the same question was answered before and nothing that it is about has changed since; rowsRead and statements are of then */
  kept: z.boolean(),
  rowsRead: z.number(),
  taxonomyVersion: z.number().int(),
  metricsVersion: z.number().int(),
  notes: z.array(noteSchema),
  statements: z.array(statementSchema),
});

export type Meta = z.infer<typeof metaSchema>;
export type Note = z.infer<typeof noteSchema>;
export type Statement = z.infer<typeof statementSchema>;

export const ERROR_CODES = [
  'bad_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_answerable',
  'not_retained',
  'too_expensive',
  'busy',
  'conflict',
  'too_large',
  'unsupported_media',
  'timeout',
  'cancelled',
  'unavailable',
  'internal',
] as const;

export const errorSchema = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    /** what is wrong, naming the thing */
    message: z.string(),
    /** what to do about it */
    hint: z.string(),
    requestId: z.string(),
    /** bad_request: the parameter at fault */
    field: z.string().optional(),
    /** not_retained: the first instant that is still kept */
    retainedFrom: instant.optional(),
    /** too_expensive: the length of a range that can be asked for, seconds */
    longestSeconds: z.number().int().optional(),
  }),
});

export type ErrorCode = (typeof ERROR_CODES)[number];
export type ErrorEnvelope = z.infer<typeof errorSchema>;

/** `{ rows, meta }`: what a question answers. */
export function answerOf<Rows extends z.ZodType>(rows: Rows) {
  return z.object({ rows, meta: metaSchema });
}

export interface Answer<Rows> {
  rows: Rows;
  meta: Meta;
}
