import { z } from 'zod';
import { CALENDAR_PARTS } from '../calendarParts';
import { DIMENSIONS } from '../dimensions';
import { MEASURES } from '../measures';
import { defineContract } from './contract';
import { integerString } from './envelope';
import { listOf, MOST_DIMENSIONS, MOST_GROUPS, wholeNumber } from './exploreOptions';

/** What the axes of groups can be: dimensions and parts of the calendar. */
export const GROUP_AXES = [...DIMENSIONS, ...CALENDAR_PARTS] as const;
export type GroupAxis = (typeof GROUP_AXES)[number];

/** p95 of five minutes; where only hours are kept it is that of hourly means, and `p95` says so. */
export const GROUP_MEASURES = MEASURES.filter((measure) => measure !== 'p95Hourly');
export type GroupMeasure = (typeof GROUP_MEASURES)[number];

/** What is known of a cell, a row, a column or everything. Only what the measure asks for is filled; the rest is null. */
const figures = z.object({
  /** bytes, packets or records over the range */
  sum: integerString,
  /** sum / that of everything, 0 to 1 */
  share: z.number(),
  /** bit/s, packets/s or records/s over covered seconds; null = no covered second */
  rate: z.number().nullable(),
  /** the same unit: number ceil(0.95 N) of N covered slots */
  p95: z.number().nullable(),
  /** distinct remote addresses, merged and never added */
  addresses: z.number().int().nullable(),
  plusMinus: z.number().int().nullable(),
  /** bits per address */
  magnitude: z.number().nullable(),
  /** fewer than 400 sampled packets under a rate above 1: draw hatched */
  fewPackets: z.boolean(),
});

const name = z.object({ dimension: z.string(), key: z.string(), name: z.string() });

/**
 * One to three axes, each with its heaviest keys and all others together. Cells, totals of each axis and the total of everything are asked
 * alike, so sums of cells are their totals and distinct addresses are merged for each.
 */
export const exploreGroups = defineContract({
  name: 'explore-groups',
  options: z.strictObject({
    measure: z.enum(GROUP_MEASURES as [GroupMeasure, ...GroupMeasure[]]).default('volume'),
    by: listOf<GroupAxis>(GROUP_AXES, 1, MOST_DIMENSIONS),
    top: wholeNumber(1, MOST_GROUPS).default(12),
    delta: z
      .literal('1')
      .optional()
      .transform((delta) => delta === '1'),
  }),
  rows: z.object({
    axes: z.array(
      z.object({
        by: z.enum(GROUP_AXES),
        /**
         * heaviest first; of the calendar in order of time: months as 2026-03, weeks (their Monday) and days as 2026-03-29, weekdays 1 (Monday) to
         * 7, hours 0 to 23
         */
        keys: z.array(z.string()),
        /** keys that there are in all */
        found: z.number().int(),
        /** there are at least so many: of many addresses nobody else's days are added up, and of closed months only lists are kept */
        foundAtLeast: z.boolean(),
      }),
    ),
    /** only cells in which something was seen; `at[a]` is a position in `axes[a].keys`, or their count for all others */
    cells: z.array(z.object({ at: z.array(z.number().int()), now: figures, before: figures.nullable() })),
    /** for each axis the totals of its keys, and of all others behind them */
    totals: z.array(z.array(z.object({ now: figures.nullable(), before: figures.nullable() }))),
    total: z.object({ now: figures, before: figures.nullable() }),
    p95: z.enum(['slots', 'hours']).nullable(),
    names: z.array(name),
    /** distinct addresses are of whole stored periods, which may be wider than [meta.from, meta.to); null = not counted */
    addressesFrom: z.number().int().nullable(),
    addressesTo: z.number().int().nullable(),
    /** the range that is compared, where `delta=1` asked for it */
    compared: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
    comparedMissing: z.string().nullable(),
  }),
});

export type Figures = z.infer<typeof figures>;
export type GroupRows = z.infer<typeof exploreGroups.rows>;
