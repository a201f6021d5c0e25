import { describe, expect, it } from 'vitest';
import type { TrafficColumns, TrafficSeries } from '@/lib/flows/contracts/trafficOverTime';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { bucketAt } from './bucketStates';
import { highest, prepareStackedArea, stack } from './prepareStackedArea';

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
/** Long after: everything that will come has come, except that the last bucket is behind the watermark. */
const meta = { from: 100, to: 1800, watermark: 1600 };
const later = { direction: 'both', unit: 'bits', now: 100_000 } as const;
const model = prepareStackedArea(rows, meta, later);

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
    expect(prepareStackedArea(none, meta, later)).toMatchObject({
      nothing: true,
    });
    const zeros = { ...rows, totals: [one('Total', ['0', '0', '0', '0', '0', '0'])] };
    expect(prepareStackedArea(zeros, meta, later)).toMatchObject({
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
    const bytes = prepareStackedArea(mirrored, meta, { ...later, unit: 'bytes' });
    expect(bytes.series.map((series) => series.key)).toEqual(['CDN', 'Neocloud']);
    expect(bytes.series[0]?.values[1]).toBe(10);
    expect(bytes.series[0]?.statistics.p95).toBe(9);
    expect(bytes.quantity).toBe('B/s');
  });
});

describe('what is still arriving', () => {
  const flags = [0, 0, 0, BUCKET_FLAGS.provisional, BUCKET_FLAGS.provisional, BUCKET_FLAGS.provisional];
  const seconds = [300, 300, 300, 300, 300, 150];
  const live = { ...rows, flags, seconds, coveredSeconds: [300, 300, 300, 0, 0, 0] };
  const states = (now: number, change: Partial<TrafficColumns> = {}) =>
    prepareStackedArea({ ...live, ...change }, { from: 0, to: 1800, watermark: 900 }, { ...later, now });

  it('the last ten minutes before now are not drawn, so that no fall is shown that is only missing data', () => {
    const shown = states(1650);
    expect(shown.buckets.map(({ state }) => state)).toEqual([
      'whole',
      'whole',
      'whole',
      'arriving',
      'arriving',
      'arriving',
    ]);
    expect(shown.arriving).toEqual([{ from: 900, to: 1800 }]);
    expect(stack(shown, new Set(), false).at(-1)?.upper.slice(3)).toEqual([null, null, null]);
    // The tooltip and the table still tell what has come.
    expect(shown.total.values[5]).toBeCloseTo((2000 * 8) / 150);
  });

  it('what came in before the last ten minutes is drawn, paler, when one exporter holds the watermark back', () => {
    const shown = prepareStackedArea(live, { from: 0, to: 1800, watermark: 300 }, { ...later, now: 1800 });
    expect(shown.buckets.map(({ state }) => state).slice(3)).toEqual(['provisional', 'arriving', 'arriving']);
  });

  it('a feed that stopped minutes ago shows no fall at its end; long after, all that came is drawn', () => {
    const stopped = {
      seconds: [300, 300, 300, 300, 300, 0],
      flags: [...flags.slice(0, 5), BUCKET_FLAGS.uncovered],
    };
    const end = (now: number) =>
      states(now, stopped)
        .buckets.slice(3)
        .map(({ state }) => state);
    expect(end(1500 + 900)).toEqual(['arriving', 'arriving', 'gap']);
    expect(end(1500 + 3600)).toEqual(['provisional', 'provisional', 'gap']);
  });

  it('a wide bucket of which nine tenths are there is drawn', () => {
    const day = {
      ...live,
      buckets: [0, 86_400],
      end: 172_800,
      coveredSeconds: [86_400, 50_000],
      seconds: [86_400, 50_600],
      flags: [0, BUCKET_FLAGS.provisional],
      series: [one('CDN', ['1', '1'])],
      totals: [one('Total', ['1', '1'])],
    };
    const wide = { from: 0, to: 137_000, watermark: 136_400 };
    const at = (now: number, watermark: number) =>
      prepareStackedArea(day, { ...wide, watermark }, { ...later, now }).buckets[1]?.state;
    expect(at(137_000, 136_400)).toBe('provisional');
    expect(at(86_400 + 3_600, 86_400 + 3_000)).toBe('arriving');
  });
});

describe('stack', () => {
  it('layers stand on one another, and the top of the last is the total', () => {
    const layers = stack(model, new Set(), false);
    expect(layers[1]?.lower).toEqual(layers[0]?.upper);
    expect(layers.at(-1)?.upper).toEqual(model.total.values);
    expect(highest(layers)).toBe(160);
  });

  it('hiding a type lets down the ones above it and leaves the ones below, and showing it brings all back', () => {
    const before = stack(model, new Set(), false);
    const without = stack(model, new Set(['CDN']), false);
    expect(without.map(({ key }) => key)).toEqual(['Neocloud']);
    expect(without[0]?.lower.filter((value) => value !== null && value !== 0)).toEqual([]);
    expect(without[0]?.upper).toEqual(model.series.find(({ key }) => key === 'Neocloud')?.values);
    expect(stack(model, new Set(['Neocloud']), false)[0]).toBe(before[0]);
    expect(stack(model, new Set(), false)[1]).toBe(before[1]);
  });

  it('where a type has nothing, the one above stands on the one below', () => {
    const [low, high] = model.series;
    const gone = low && { ...low, key: 'gone', values: low.values.map(() => null) };
    if (!low || !high || !gone) throw new Error('two types are known');
    const layers = stack({ ...model, series: [low, gone, high] }, new Set(), false);
    expect(layers[2]?.lower).toEqual(layers[0]?.upper);
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
