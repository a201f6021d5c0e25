import { z } from 'zod';
import { DIMENSIONS } from '../dimensions';
import { defineContract, noOptions } from './contract';

const key = { dimension: z.enum(DIMENSIONS), key: z.string(), name: z.string().nullable() };

const change = z.discriminatedUnion('kind', [
  z.object({
    /** a group whose mean rate moved most against the range that is compared */
    kind: z.literal('mover'),
    ...key,
    /** mean rates, bit/s */
    now: z.number(),
    before: z.number(),
    /** of the change of everything's rate that this is: |now - before| / greater of both totals */
    weight: z.number(),
  }),
  z.object({
    /** among the heaviest now, and not seen in the range that is compared, or the other way round */
    kind: z.enum(['appeared', 'vanished']),
    ...key,
    /** mean rate in the range in which it was seen, bit/s */
    rate: z.number(),
    /** of everything in that range, 0 to 1 */
    weight: z.number(),
  }),
  z.object({
    /** a level that left what is usual for its hours of the week, and has stayed there */
    kind: z.literal('shift'),
    ...key,
    /** start of its first hour, UTC epoch seconds; it lasts until `until` */
    since: z.number().int(),
    until: z.number().int(),
    /** it began before the hours that were looked at, so `since` is only the first of these */
    isOlder: z.boolean(),
    /** means over its hours, bit/s */
    now: z.number(),
    usual: z.number(),
    weight: z.number(),
  }),
]);

/**
 * Up to five changes that matter, weightiest first, each with the figures that its sentence says. `judged` says how many groups were looked at
 * and what could not be.
 */
export const whatChanged = defineContract({
  name: 'what-changed',
  options: noOptions,
  rows: z.object({
    changes: z.array(change).max(5),
    judged: z.object({
      /** groups whose rates were compared */
      groups: z.number().int(),
      /** endpoints were compared */
      endpoints: z.boolean(),
      /** the last hours were held against the hours of the week */
      baseline: z.boolean(),
    }),
    compared: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
    /** why nothing was compared; null where something was */
    comparedMissing: z.string().nullable(),
  }),
});

export type Change = z.infer<typeof change>;
export type WhatChangedRows = z.infer<typeof whatChanged.rows>;
