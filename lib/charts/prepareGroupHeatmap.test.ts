import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Figures, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { distance, linearFromHex } from './color';
import { divergingColor } from './divergingColor';
import { heatRamp } from './heatRamp';
import { type GroupHeatmapOptions, prepareGroupHeatmap } from './prepareGroupHeatmap';

const figures = (bytes: number, change: Partial<Figures> = {}): Figures => ({
  sum: String(bytes),
  share: 0,
  rate: bytes / 10,
  p95: null,
  addresses: null,
  plusMinus: null,
  magnitude: null,
  fewPackets: false,
  ...change,
});

const rows = (change: Partial<GroupRows> = {}): GroupRows => ({
  axes: [
    { by: 'region', keys: ['US-West', 'EU-Central'], found: 2, foundAtLeast: false },
    { by: 'type', keys: ['CDN', 'ISP Regional'], found: 5, foundAtLeast: false },
  ],
  cells: [
    { at: [0, 0], now: figures(800), before: figures(400) },
    { at: [0, 1], now: figures(100), before: null },
    { at: [1, 2], now: figures(0, { rate: 0 }), before: figures(50) },
  ],
  totals: [
    [
      { now: figures(900), before: figures(400) },
      { now: figures(0), before: figures(50) },
      { now: null, before: null },
    ],
    [
      { now: figures(800), before: null },
      { now: figures(100), before: null },
      { now: null, before: null },
    ],
  ],
  total: { now: figures(900), before: figures(450) },
  p95: null,
  names: [],
  addressesFrom: null,
  addressesTo: null,
  compared: { from: 0, to: 1 },
  comparedMissing: null,
  ...change,
});

const options: GroupHeatmapOptions = { measure: 'volume', unit: 'bits', scale: 'linear', delta: false };

describe('values', () => {
  const model = prepareGroupHeatmap(rows(), options);

  test('types stand in stack order, regions by name, Other last and only where there is any', () => {
    expect(model.columns.map(({ label }) => label)).toEqual(['ISP Regional', 'CDN', 'Other']);
    expect(model.rows.map(({ label }) => label)).toEqual(['EU-Central', 'US-West']);
    expect(model.shown).toEqual([{ by: 'type', keys: 2, found: 5, foundAtLeast: false }]);
  });

  test('bits are exact, and what was not seen is no zero', () => {
    const [europe, west] = model.cells;
    expect(west?.map(({ exact }) => exact)).toEqual(['800', '6400', '']);
    expect(europe?.map(({ value }) => value)).toEqual([null, null, 0]);
  });

  test('2^60 bytes keep every digit', () => {
    const cells = [{ at: [0, 0], now: figures(0, { sum: String(2n ** 60n) }), before: null }];
    const big = prepareGroupHeatmap(rows({ cells }), options);
    expect(big.cells[1]?.[1]?.exact).toBe(String(2n ** 63n));
  });

  test('linear from zero, log between the ends, rank by order; zero has no color', () => {
    const tones = (scale: 'linear' | 'log' | 'rank') =>
      prepareGroupHeatmap(rows(), { ...options, scale })
        .cells.flat()
        .map(({ tone }) => tone);
    expect(tones('linear')).toEqual([null, null, null, 0.125, 1, null]);
    expect(tones('log')).toEqual([null, null, null, 0, 1, null]);
    expect(tones('rank')).toEqual([null, null, null, 0, 1, null]);
  });
});

describe('the scale that nobody chose', () => {
  const cellsOf = (...magnitudes: number[]) =>
    rows({
      cells: magnitudes.map((magnitude, i) => ({
        at: [i >> 1, i % 2],
        now: figures(magnitude, { magnitude }),
        before: null,
      })),
    });
  const auto = (measure: GroupHeatmapOptions['measure'], ...values: number[]) =>
    prepareGroupHeatmap(cellsOf(...values), { ...options, measure, scale: 'auto' });

  test('is logarithmic for bits by address beyond two orders of magnitude, and says so', () => {
    expect(auto('magnitude', 10, 1_000).scale).toBe('linear');
    expect(auto('magnitude', 10, 1_001).scale).toBe('log');
    expect(auto('magnitude', 0, 10, 900).scale).toBe('linear');
    expect(heatRamp(auto('magnitude', 10, 1_001))?.words).toBe('log');
    expect(heatRamp(auto('magnitude', 10, 900))?.words).toBe('linear');
  });

  test('is linear for sums, and one that was chosen stays', () => {
    expect(auto('volume', 1, 1_000_000).scale).toBe('linear');
    const chosen = { ...options, measure: 'magnitude', scale: 'linear' } as const;
    expect(prepareGroupHeatmap(cellsOf(1, 1_000_000), chosen).scale).toBe('linear');
  });
});

describe('changes', () => {
  test('of volumes they are those of rates; new and gone stand at the ends', () => {
    const model = prepareGroupHeatmap(rows(), { ...options, delta: true });
    const [europe, west] = model.cells;
    expect(west?.map(({ change }) => change.text)).toEqual([
      'new',
      expect.stringContaining('+100'),
      '\u2013',
    ]);
    expect(west?.map(({ tone }) => tone)).toEqual([1, 1, null]);
    expect([europe?.[2]?.tone, europe?.[2]?.factor]).toEqual([-1, 0]);
  });

  test('without a range to compare, values are shown', () => {
    const model = prepareGroupHeatmap(rows({ compared: null }), { ...options, delta: true });
    expect(model.isDelta).toBe(false);
    expect(model.cells[1]?.[1]?.change.direction).toBe('none');
  });

  test('doubled is as far from the middle as halved', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), (factor) => {
        const cells = [
          { at: [0, 0], now: figures(100 * factor), before: figures(100) },
          { at: [0, 1], now: figures(100), before: figures(100 * factor) },
        ];
        const [, west] = prepareGroupHeatmap(rows({ cells }), { ...options, delta: true }).cells;
        expect(west?.[0]?.tone).toBeCloseTo(-(west?.[1]?.tone ?? Number.NaN), 10);
      }),
    );
  });

  test('one that goes far beyond the others does not take their color', () => {
    const keys = Array.from({ length: 10 }, (_, i) => `region ${i}`);
    const [regions, types] = rows().axes;
    const axes = [{ ...(regions as GroupRows['axes'][number]), keys }, types] as GroupRows['axes'];
    const cells = keys.map((_, i) => ({
      at: [i, 0],
      now: figures(i === 0 ? 700 : 120),
      before: figures(100),
    }));
    const model = prepareGroupHeatmap(rows({ axes, cells, totals: [[], []] }), { ...options, delta: true });
    const tones = model.cells.flatMap((row) => row.flatMap(({ tone }) => tone ?? []));
    // 1.2 twice is 1.44: a change of a fifth is half way along the ramp, and one of seven times at its end.
    expect(model.ends?.most).toBeCloseTo(1.44, 10);
    expect([...new Set(tones.map((tone) => tone.toFixed(6)))].sort()).toEqual(['0.500000', '1.000000']);
    expect(tones.filter((tone) => tone === 1)).toHaveLength(1);
  });

  test('a part whose rate is not known has no change', () => {
    const cells = [{ at: [0, 0], now: figures(5, { rate: null }), before: figures(3) }];
    const [, west] = prepareGroupHeatmap(rows({ cells }), { ...options, delta: true }).cells;
    expect([west?.[1]?.factor, west?.[1]?.tone]).toEqual([null, null]);
  });

  test.each(['light', 'dark'] as const)('colors move evenly away from the middle, %s', (theme) => {
    const at = (t: number) => linearFromHex(divergingColor(t, theme));
    for (const sign of [-1, 1]) {
      const steps = [0, 0.25, 0.5, 0.75].map((t) => distance(at(sign * t), at(sign * (t + 0.25))));
      expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.4);
    }
    expect(distance(at(-1), at(1))).toBeGreaterThan(0.2);
  });
});
