import { describe, expect, it } from 'vitest';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { arrange, type ToArrange } from './arrange';
import { NO_GROUPS } from './topGroups';

const DAY = 86_400;

/** Four days: a whole one, one covered by half, one in which nothing was heard, and one in which the watermark lies. */
const axis: ToArrange['axis'] = {
  starts: [0, DAY, 2 * DAY, 3 * DAY],
  end: 4 * DAY,
  coveredSeconds: [DAY, DAY / 2, 0, DAY / 4],
  seconds: [DAY, DAY / 2, 0, DAY / 4],
  flags: [0, BUCKET_FLAGS.partial, BUCKET_FLAGS.uncovered, BUCKET_FLAGS.provisional],
};

function totalOf(change: Partial<ToArrange>) {
  const sums = ['86400', '43200', '7', '900000'];
  const { totals } = arrange({
    measure: 'traffic',
    by: [],
    direction: 'both',
    byDirection: false,
    top: NO_GROUPS,
    axis,
    found: [{ position: 0, way: '', starts: axis.starts, sums, addresses: null, allAddresses: null }],
    statistics: { rows: [], kind: null, why: 'raw flows are gone' },
    ...change,
  });
  return totals[0]?.statistics;
}

describe('the mean where nothing finer than the drawn buckets is kept', () => {
  it('is of buckets that are covered and may not grow any more, by their covered seconds', () => {
    // One byte a covered second is 8 bit/s.
    expect(totalOf({})).toMatchObject({ mean: 8, p95: null });
    expect(totalOf({ measure: 'packets' })?.mean).toBe(1);
  });

  it('is missing where every bucket may still grow, and where nobody asked for statistics', () => {
    const flags = axis.flags.map((flag) => flag | BUCKET_FLAGS.provisional);
    expect(totalOf({ axis: { ...axis, flags } })?.mean).toBeNull();
    expect(totalOf({ statistics: { rows: [], kind: null, why: null } })?.mean).toBeNull();
  });
});
