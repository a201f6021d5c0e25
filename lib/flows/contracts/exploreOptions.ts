import { z } from 'zod';
import { DIMENSIONS, type Dimension } from '../dimensions';
import { MOST_DIMENSIONS, MOST_GROUPS } from '../exploreLimits';

export { MOST_DIMENSIONS, MOST_GROUPS };

/** A whole number of at least `least` and at most `most`, written in digits. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);
}

/** Names with commas between, each at most once. */
export function listOf<Name extends string>(names: readonly Name[], fewest: number, most: number) {
  const message = `must be ${fewest === most ? fewest : `${fewest} to ${most}`} of ${names.join(', ')}, with commas between`;
  return z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',')))
    .refine(
      (list): list is Name[] =>
        list.length >= fewest &&
        list.length <= most &&
        new Set(list).size === list.length &&
        list.every((name) => (names as readonly string[]).includes(name)),
      message,
    );
}

/** What an answer over time is split by; nothing = the total alone. */
export const byDimensions = listOf<Dimension>(DIMENSIONS, 0, MOST_DIMENSIONS);
