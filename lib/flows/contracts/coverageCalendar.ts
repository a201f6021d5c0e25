import { z } from 'zod';
import { defineContract, noOptions } from './contract';

const row = z.object({
  /** exporter; '' = all together */
  exporter: z.string(),
  name: z.string(),
  /** seconds of each day, before the watermark, in which it was expected; 0 = nothing expected */
  expectedSeconds: z.array(z.number().int()),
  /** of those, covered; whole slots of five minutes */
  coveredSeconds: z.array(z.number().int()),
});

/**
 * Day by exporter: covered / expected exporter-slots. Days of the scope's zone, at least four weeks of them, up to the end of the
 * range; weeks where it is longer than 400 days.
 */
export const coverageCalendar = defineContract({
  name: 'coverage-calendar',
  options: noOptions,
  rows: z.object({
    /** start of each day */
    days: z.array(z.number().int()),
    /** end of the last day's calendar unit */
    end: z.number().int(),
    /** what was asked: the days before it are there to choose from */
    asked: z.object({ from: z.number().int(), to: z.number().int() }),
    exporters: z.array(row),
    total: row,
  }),
});

export type CoverageCalendarRows = z.infer<typeof coverageCalendar.rows>;
