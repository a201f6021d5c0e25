import { quantile } from './timing';

/** How values are spread; the 95th percentile is number ceil(0.95 N) of N. */
export interface Spread {
  p50: number;
  p95: number;
  worst: number;
  /** how many */
  count: number;
}

/** @throws where there is no value: a percentile of nothing would be held by every bar */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('Nothing was measured');
  return {
    p50: quantile(values, 0.5),
    p95: quantile(values, 0.95),
    worst: Math.max(...values),
    count: values.length,
  };
}
