import 'server-only';
import type { BucketWidth } from '@/lib/flows/buckets';
import { type Plan, printed, widen } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';

/**
 * The plan of a question that has one source and no choice: questions about the data itself, not about traffic.
 * @param slotSeconds width of the source's slots; the range is widened to them, and says so
 * @param table names of the tables, as `quality_1h + coverage_5m`
 */
export function fixedPlan(
  asked: TimeRange,
  slotSeconds: number,
  table: string,
  reason: string,
  bucket: BucketWidth | null = null,
): Plan {
  const range = widen(asked, slotSeconds);
  const isWider = range.from < asked.from || range.to > asked.to;
  const slot = slotSeconds === 3_600 ? 'whole hours' : `slots of ${slotSeconds / 60} minutes`;
  return {
    parts: [],
    table,
    bucket,
    ...range,
    widened: isWider
      ? `Widened to ${printed(range.from)} until ${printed(range.to)}: the tables that answer keep ${slot}.`
      : null,
    reason,
  };
}
