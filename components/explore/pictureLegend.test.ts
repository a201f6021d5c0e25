import { describe, expect, it } from 'vitest';
import { prepareSeries } from '@/lib/charts/prepareSeries';
import { answerOf, made } from '@/lib/charts/testing/exploreRows';
import type { SeriesMeasure } from '@/lib/flows/exploreLimits';
import { pictureLegend } from './pictureLegend';

const statistics = { last: 10, mean: 20, p95: 30, max: 40, total: '0', share: 0.5, addresses: 7 };

function headsOf(
  measure: SeriesMeasure,
  bucket: string | null,
  change: Partial<typeof statistics> | object,
  p95: 'slots' | null = 'slots',
) {
  const of = { ...statistics, ...change };
  const series = made(['CDN'], [1, 2], 'both', { addresses: [1, 2], statistics: of });
  const answer = answerOf([series], { p95, totals: [{ ...series, keys: [] }] });
  const meta = { from: 0, to: 7_200, watermark: 1e9 };
  const options = { measure, by: ['type'], unit: 'bits', now: 1e9, colors: new Map() } as const;
  return pictureLegend(prepareSeries(answer, meta, options), new Set(), bucket, 'light')[0]?.cells;
}

describe('the legend of a saved picture', () => {
  it('says of each figure over what width it is taken', () => {
    expect(headsOf('traffic', '1 month', {})).toEqual([
      '',
      'Last of 1 month',
      'Mean of range',
      'p95 of 5\u2009min',
      'Max of 1 month',
      'Share',
    ]);
    expect(headsOf('traffic', '12 hours', {})?.[4]).toBe('Max of 12\u2009h');
  });

  it('says that the mean is of the drawn buckets where nothing finer is kept', () => {
    expect(headsOf('traffic', '1 day', { p95: null }, null)?.slice(1, 4)).toEqual([
      'Last of 1 day',
      'Mean of 1 day',
      'Max of 1 day',
    ]);
  });

  it('has no figure that the measure has not, and of addresses those of the whole range', () => {
    const counted = headsOf('uniqueness', '1 day', { mean: null, p95: null });
    expect(counted).toEqual(['', 'Last of 1 day', 'Max of 1 day', 'Whole range']);
  });
});
