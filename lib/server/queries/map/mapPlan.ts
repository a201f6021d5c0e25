import 'server-only';
import {
  type BucketWidth,
  bucketsOf,
  bucketWidth,
  hasWholeHourOffsets,
  STEP_NAMES,
} from '@/lib/flows/buckets';
import { MOST_STEPS } from '@/lib/flows/contracts/trafficMap';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { planFor } from '@/lib/server/queries/asked';
import type { Facts } from '@/lib/server/queries/facts';

export const PLACE_DIMENSIONS = [
  'country',
  'metro',
  'type',
  'region',
  'direction',
] as const satisfies readonly Dimension[];

const HOUR = 3_600;
/** Shorter ranges are drawn from raw flows where these are few enough: steps of minutes. */
const SHORT = 12 * HOUR;
/** Shorter ranges hold too few hours to be drawn by the planner's rule, which is about pictures of hundreds of points. */
const A_DAY_AND_MORE = 30 * HOUR;

/** The finest width that splits the range into at most 24 steps of the zone. */
export function stepOf(range: TimeRange, zone: string): BucketWidth {
  for (const name of STEP_NAMES) {
    const width = bucketWidth(name);
    if ((range.to - range.from) / width.seconds > MOST_STEPS || name === '1m') continue;
    if (bucketsOf(range, zone, width).starts.length <= MOST_STEPS) return width;
  }
  return bucketWidth('1mo');
}

/** What answers the map; its bucket is the step of the slider and never null. */
export function mapPlan(scope: Scope, facts: Facts, range: TimeRange): Plan & { bucket: BucketWidth } {
  const step = stepOf(range, scope.zone);
  const length = range.to - range.from;
  const byHours =
    length > SHORT &&
    length <= A_DAY_AND_MORE &&
    hasWholeHourOffsets(range, scope.zone) &&
    step.seconds >= HOUR;
  const plan = planFor(scope, facts, {
    measure: 'volume',
    dimensions: PLACE_DIMENSIONS,
    range,
    axis: !byHours,
    step: step.name,
  });
  const bucket = byHours ? step : plan.bucket;
  if (bucket === null) throw new Error('a plan over time has buckets');
  return { ...plan, bucket };
}
