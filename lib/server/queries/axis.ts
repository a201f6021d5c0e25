import 'server-only';
import { bucketsOf } from '@/lib/flows/buckets';
import { type BucketCoverage, bucketCoverage, type Coverage } from '@/lib/flows/coverage';
import type { Plan } from '@/lib/flows/plan';

/** Buckets of an answer over time and how each is covered. */
export interface Axis extends BucketCoverage {
  /** start of each, epoch seconds; the first may lie before the range */
  starts: number[];
  /** where the last one ends */
  end: number;
}

/** The buckets of a plan over time in a zone. */
export function axisOf(plan: Plan, zone: string, coverage: Coverage): Axis {
  if (plan.bucket === null) throw new Error('a plan over time has buckets');
  const { starts, end } = bucketsOf(plan, zone, plan.bucket);
  return { starts, end, ...bucketCoverage(coverage, starts, end) };
}
