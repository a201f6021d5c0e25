import { describe, expect, it } from 'vitest';
import type { TrafficColumns, TrafficSeries } from '@/lib/flows/contracts/trafficOverTime';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { bucketAt, highest, prepareStackedArea, stack } from './prepareStackedArea';

const statistics = { last: 80, mean: 40, p95: 72, max: 80, total: '3000', share: 0.75 };
const one = (
  key: string,
  bytes: string[],
  direction: TrafficSeries['direction'] = 'both',
): TrafficSeries => ({
  key,
  direction,
  bytes,
  statistics,
});

/** Six five-minute buckets: cut first, whole, zero, two uncovered, provisional. */
const rows: TrafficColumns = {
  buckets: [0, 300, 600, 900, 1200, 1500],
  end: 1800,
  coveredSeconds: [200, 300, 300, 0, 0, 100],
  seconds: [200, 300, 300, 0, 0, 150],
  flags: [
    BUCKET_FLAGS.partial,
    0,
    0,
    BUCKET_FLAGS.uncovered,
    BUCKET_FLAGS.uncovered,
    BUCKET_FLAGS.provisional,
  ],
  series: [
    one('CDN', ['1000', '3000', '0', '0', '0', '1500']),
    one('Neocloud', ['3000', '1000', '0', '0', '0', '500']),
  ],
  totals: [one('Total', ['4000', '4000', '0', '0', '0', '2000'])],
};
const meta = { from: 100, to: 1800 };
const model = prepareStackedArea(rows, meta, { direction: 'both', unit: 'bits' });

describe('prepareStackedArea', () => {
  it('divides bits by the covered seconds of the bucket, not by its width', () => {
    expect(model.series[0]?.values.map((value) => value && Math.round(value))).toEqual([
      40,
      80,
      0,
      null,
      null,
      80,
    ]);
  });

  it('missing is a gap, not a zero; zero is a zero', () => {
    expect(model.total.values.slice(2, 5)).toEqual([0, null, null]);
    expect(model.gaps).toEqual([{ from: 900, to: 1500 }]);
    expect(model.buckets.map((bucket) => bucket.state)).toEqual([
      'partial',
      'whole',
      'whole',
      'gap',
      'gap',
      'provisional',
    ]);
  });

  it('cuts the first bucket at the start of the range', () => {
    expect(model.buckets[0]).toMatchObject({ from: 100, to: 300 });
  });

  it('knows all zero from nothing at all', () => {
    const none = { ...rows, seconds: [0, 0, 0, 0, 0, 0] };
    expect(prepareStackedArea(none, meta, { direction: 'both', unit: 'bits' })).toMatchObject({
      nothing: true,
    });
    const zeros = { ...rows, totals: [one('Total', ['0', '0', '0', '0', '0', '0'])] };
    expect(prepareStackedArea(zeros, meta, { direction: 'both', unit: 'bits' })).toMatchObject({
      nothing: false,
      zero: true,
    });
  });

  it('takes the chosen direction only, and bytes are an eighth of bits', () => {
    const mirrored = {
      ...rows,
      series: [
        ...rows.series,
        one(
          'CDN',
          rows.buckets.map(() => '8'),
          'egress',
        ),
      ],
    };
    const bytes = prepareStackedArea(mirrored, meta, { direction: 'both', unit: 'bytes' });
    expect(bytes.series.map((series) => series.key)).toEqual(['CDN', 'Neocloud']);
    expect(bytes.series[0]?.values[1]).toBe(10);
    expect(bytes.series[0]?.statistics.p95).toBe(9);
    expect(bytes.quantity).toBe('B/s');
  });
});

describe('stack', () => {
  it('layers stand on one another, and the top of the last is the total', () => {
    const layers = stack(model, new Set(), false);
    expect(layers[1]?.lower).toEqual(layers[0]?.upper);
    expect(layers.at(-1)?.upper).toEqual(model.total.values);
    expect(highest(layers)).toBe(160);
  });

  it('as shares, a hidden type leaves its place empty instead of lifting the others', () => {
    const layers = stack(model, new Set(['Neocloud']), true);
    expect(layers.map((layer) => layer.key)).toEqual(['CDN']);
    expect(layers[0]?.upper).toEqual([0.25, 0.75, 0, null, null, 0.75]);
  });

  it('finds the bucket of an instant, and the nearest one outside', () => {
    expect([0, 299, 300, 1799, 9999].map((at) => bucketAt(model.buckets, at))).toEqual([0, 0, 1, 5, 5]);
  });
});
