import { DEFAULT_SCOPE, type Scope } from '@/lib/flows/scope';
import { MONTH, QUARTER, ROLLING, WEEK } from '../data/quarter';

/** A calendar quarter, a month, a week, and as many days as the quarter with edges at 07:00. */
export const RANGES = { quarter: QUARTER, month: MONTH, week: WEEK, rolling: ROLLING } as const;
export type RangeName = keyof typeof RANGES;

export function scopeOf(range: RangeName): Scope {
  return {
    ...DEFAULT_SCOPE,
    range: { kind: 'absolute', from: RANGES[range].from, to: RANGES[range].to },
    // A comparison would ask for the quarter before, of which there is nothing.
    compare: 'none',
  };
}
