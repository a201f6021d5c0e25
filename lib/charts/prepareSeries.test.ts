import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { otherColor } from './categories';
import { networkTypeColors } from './palette';
import { keysToColor, prepareSeries, type SeriesOptions } from './prepareSeries';
import { answerOf, hours, made, totalOf } from './testing/exploreRows';

const HOUR = 3_600;
const options: SeriesOptions = {
  measure: 'traffic',
  by: ['type'],
  unit: 'bits',
  now: 1e9,
  colors: new Map(),
};
const meta = { from: 0, to: 2 * HOUR, watermark: 1e9 };

describe('prepareSeries', () => {
  it('network types stand in their order with their colors, Other on top and gray', () => {
    const rows = answerOf([made(['Neocloud'], [9, 9]), made(['CDN'], [1, 1]), made(null, [2, 2])], {
      found: 5,
    });
    const [half] = prepareSeries(rows, meta, options).halves;
    expect(half?.series.map(({ label }) => label)).toEqual(['CDN', 'Neocloud', 'Other (3)']);
    expect(half?.series[0]?.colors).toEqual(networkTypeColors.CDN);
    expect(half?.series[2]?.colors).toEqual(otherColor);
  });

  it('other groups keep their order, are named, and have the color the page gives them', () => {
    const blue = { light: '#0000ff', dark: '#0000ff' };
    const rows = answerOf([made(['15169'], [5, 5]), made(['64500'], [1, 1])], {
      names: [{ dimension: 'asn', key: '15169', name: 'Google LLC' }],
    });
    expect(keysToColor(rows, ['asn'])).toEqual(['15169', '64500']);
    expect(keysToColor(rows, ['type'])).toEqual([]);
    const [half] = prepareSeries(rows, meta, {
      ...options,
      by: ['asn'],
      colors: new Map([['15169', blue]]),
    }).halves;
    expect(half?.series.map(({ label }) => label)).toEqual(['AS15169 Google LLC', 'AS64500']);
    expect(half?.series[0]?.colors).toEqual(blue);
  });

  it('rates divide by seconds, addresses do not, and magnitude is volume by address', () => {
    const rows = answerOf([made(['CDN'], [3_600, 7_200], 'both', { addresses: [4, 0] })]);
    const values = (change: Partial<SeriesOptions>) =>
      prepareSeries(rows, meta, { ...options, ...change }).halves[0]?.series[0]?.values;
    expect(values({})).toEqual([8, 16]);
    expect(values({ unit: 'bytes' })).toEqual([1, 2]);
    expect(values({ measure: 'packets' })).toEqual([1, 2]);
    expect(values({ measure: 'flowRecords', unit: 'bytes' })).toEqual([1, 2]);
    expect(values({ measure: 'uniqueness' })).toEqual([4, 0]);
    // 3,600 bytes x 8 / 4 addresses; nobody seen is no ratio.
    expect(values({ measure: 'magnitude' })).toEqual([7_200, null]);
    expect(values({ measure: 'magnitude', unit: 'bytes' })).toEqual([900, null]);
    expect(prepareSeries(rows, meta, { ...options, measure: 'magnitude', unit: 'bytes' }).quantity).toBe(
      'B/address',
    );
  });

  it('statistics of bits become bytes with the unit; counts stay', () => {
    const series = made(['CDN'], [8, 8], 'both', { p95: 800 });
    const p95 = (change: Partial<SeriesOptions>) =>
      prepareSeries(answerOf([series], { p95: 'hours' }), meta, { ...options, ...change }).halves[0]
        ?.series[0]?.statistics.p95;
    expect(p95({})).toBe(800);
    expect(p95({ unit: 'bytes' })).toBe(100);
    expect(p95({ measure: 'packets', unit: 'bytes' })).toBe(800);
    expect(prepareSeries(answerOf([series], { p95: 'hours' }), meta, options).p95Of).toBe(
      'p95 of hourly means',
    );
  });

  it('without groups the total is the one series', () => {
    const rows = answerOf([made([], [1, 2])], { series: [], found: 0 });
    const [half] = prepareSeries({ ...rows, totals: [made([], [3_600, 7_200])] }, meta, {
      ...options,
      by: [],
    }).halves;
    expect(half?.series.map(({ label, values }) => ({ label, values }))).toEqual([
      { label: 'Everything', values: [8, 16] },
    ]);
  });

  it('layers add up to the total in every bucket, whatever the groups', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 1e6 }), { minLength: 4, maxLength: 4 }), {
          minLength: 1,
          maxLength: 9,
        }),
        (all) => {
          const rows = answerOf(all.map((sums, i) => made([`k${i}`], sums)));
          const model = prepareSeries(rows, { ...meta, to: 4 * HOUR }, { ...options, by: ['asn'] });
          const [half] = model.halves;
          for (const [i, total] of (half?.total.values ?? []).entries()) {
            const sum = half?.series.reduce((value, each) => value + (each.values[i] ?? 0), 0);
            expect(sum).toBeCloseTo(total ?? Number.NaN, 6);
          }
        },
      ),
    );
  });

  it('mirrored, each direction has series and a total of its own', () => {
    const rows = answerOf([made(['CDN'], [8, 8], 'ingress'), made(['CDN'], [80, 80], 'egress')]);
    const model = prepareSeries(rows, meta, options);
    expect(model.halves.map(({ direction, total }) => [direction, total.sum])).toEqual([
      ['ingress', '16'],
      ['egress', '160'],
    ]);
    expect(model.shown).toBe(1);
  });

  it('addresses never stack', () => {
    const rows = answerOf([made(['CDN'], [1, 1], 'both', { addresses: [1, 1] })]);
    expect(prepareSeries(rows, meta, { ...options, measure: 'uniqueness' }).stacks).toBe(false);
    expect(prepareSeries(rows, meta, options).stacks).toBe(true);
  });
});

describe('the range that is compared', () => {
  const DAY = 24 * HOUR;
  const compare = (change: {
    now?: Partial<ReturnType<typeof hours>>;
    past?: Partial<ReturnType<typeof hours>>;
  }) => {
    const now = made(['CDN'], [3_600, 7_200, 10_800]);
    const then = made(['CDN'], [1_800, 3_600, 90_000]);
    const rows = answerOf([now], {
      ...change.now,
      previous: {
        from: -DAY,
        to: -DAY + 3 * HOUR,
        ...hours(3, -DAY),
        ...change.past,
        series: [then],
        totals: [totalOf([then], 'both')],
      },
    });
    return prepareSeries(rows, { ...meta, to: 3 * HOUR }, options);
  };

  it('is laid over this one, and compared by rates', () => {
    const model = compare({});
    const line = model.halves[0]?.series[0];
    expect(line?.past.map(({ from, value }) => [from, value])).toEqual([
      [0, 4],
      [HOUR, 8],
      [2 * HOUR, 200],
    ]);
    // 21,600 bytes x 8 / 3 h against 95,400 x 8 / 3 h
    expect(line?.now).toBeCloseTo(16);
    expect(line?.before).toBeCloseTo((95_400 * 8) / (3 * HOUR));
    expect(model.compared?.buckets).toBe(3);
  });

  it.each([
    ['provisional now', { now: { flags: [0, 0, BUCKET_FLAGS.provisional] } }],
    ['partial then', { past: { flags: [0, 0, BUCKET_FLAGS.partial] } }],
    ['uncovered then', { past: { seconds: [HOUR, HOUR, 0] } }],
  ])('a bucket that is %s is left out of both', (_, change) => {
    const line = compare(change).halves[0]?.series[0];
    expect(line?.now).toBeCloseTo((10_800 * 8) / (2 * HOUR));
    expect(line?.before).toBeCloseTo((5_400 * 8) / (2 * HOUR));
  });

  it('with no bucket whole in both there is no change', () => {
    const partial = BUCKET_FLAGS.partial;
    const line = compare({ now: { flags: [partial, partial, partial] } }).halves[0]?.series[0];
    expect([line?.now, line?.before]).toEqual([null, null]);
  });

  it('of distinct addresses the means of the buckets are compared', () => {
    const now = made(['CDN'], [0, 0], 'both', { addresses: [10, 20] });
    const then = made(['CDN'], [0, 0], 'both', { addresses: [5, 15] });
    const previous = { from: -DAY, to: -DAY + 2 * HOUR, ...hours(2, -DAY), series: [then], totals: [then] };
    const line = prepareSeries(answerOf([now], { previous }), meta, { ...options, measure: 'uniqueness' })
      .halves[0]?.series[0];
    expect([line?.now, line?.before]).toEqual([15, 10]);
  });
});

describe('months that are compared', () => {
  const at = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;
  const months = (...days: string[]) => {
    const starts = days.map(at);
    const [end = 0] = starts.slice(-1);
    const buckets = starts.slice(0, -1);
    const seconds = buckets.map((start, i) => (starts[i + 1] ?? 0) - start);
    return { buckets, end, seconds, coveredSeconds: seconds, flags: buckets.map(() => 0) };
  };

  it('are those at the same place, as long as they may be, and lie over them', () => {
    const now = made(['CDN'], [0, 0, 0], 'both', { addresses: [10, 20, 60] });
    const then = made(['CDN'], [0, 0, 0], 'both', { addresses: [4, 8, 18] });
    const own = months('2026-05-01', '2026-06-01', '2026-07-01', '2026-08-01');
    // 28, 31 and 30 days under 31, 30 and 31
    const past = months('2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01');
    const previous = { from: past.buckets[0] ?? 0, to: past.end, ...past, series: [then], totals: [then] };
    const model = prepareSeries(
      answerOf([now], { ...own, previous }),
      { from: at('2026-05-01'), to: at('2026-08-01'), watermark: at('2026-08-01') },
      { ...options, now: at('2026-09-01'), measure: 'uniqueness' },
    );
    const line = model.halves[0]?.series[0];
    expect(model.compared?.buckets).toBe(3);
    expect([line?.now, line?.before]).toEqual([30, 10]);
    expect(line?.past.map(({ from, to, value }) => [from, to, value])).toEqual([
      [at('2026-05-01'), at('2026-06-01'), 4],
      [at('2026-06-01'), at('2026-07-01'), 8],
      [at('2026-07-01'), at('2026-08-01'), 18],
    ]);
  });
});

describe('counts of addresses', () => {
  it('are drawn only of buckets that are over, so that no fall is shown that is only a day begun', () => {
    const rows = answerOf([made(['CDN'], [3_600, 3_600], 'both', { addresses: [9, 4] })], {
      flags: [0, BUCKET_FLAGS.provisional],
    });
    const states = (measure: 'traffic' | 'uniqueness') =>
      prepareSeries(rows, meta, { ...options, measure }).buckets.map(({ state }) => state);
    expect(states('traffic')).toEqual(['whole', 'provisional']);
    expect(states('uniqueness')).toEqual(['whole', 'arriving']);
  });
});
