import { z } from 'zod';
import { DIMENSIONS } from '../dimensions';
import { LIMITS } from '../filter/filter';
import { defineContract } from './contract';
import { integerString } from './envelope';

/**
 * Values of one dimension that were seen in the scope, those with the most bytes first: what a filter can be completed with.
 * `of` is the dimension, `typed` what a value or its name must hold. The scope comes without the term that is being written. Of the
 * range only the newest 30 days are looked at, widened to whole hours or days.
 */
export const filterValues = defineContract({
  name: 'filter-values',
  options: z.strictObject({
    of: z.enum(DIMENSIONS),
    typed: z.string().max(LIMITS.name).default(''),
  }),
  rows: z.object({
    /** 20 at most */
    values: z.array(
      z.object({
        /** as answers have it: `CDN`, `15169`, `192.0.2.7`, `2001:db8::/48`; '' = none */
        key: z.string(),
        /** what people call it: an organization, a country, a service; '' = nothing but the key */
        label: z.string(),
        bytes: integerString,
        /** of the bytes of all values in the same scope and time, 0 to 1; null = not known */
        share: z.number().nullable(),
      }),
    ),
    /** false where no table holds the dimension together with the scope's filters: then the values are of everything */
    filtered: z.boolean(),
  }),
});

export type FilterValues = z.infer<typeof filterValues.rows>;
