import { describe, expect, it } from 'vitest';
import { networkTypeColors } from './palette';
import type { AreaSeries, StackedAreaModel } from './prepareStackedArea';
import { stack } from './prepareStackedArea';
import { placeStackedArea, type StackedAreaLook, stackedAreaShapes } from './stackedAreaShapes';

const statistics = { last: null, mean: null, p95: null, max: null, share: 0 };
const series = (key: 'CDN' | 'Neocloud' | 'Total', values: (number | null)[]): AreaSeries => ({
  key,
  label: key,
  colors: networkTypeColors[key === 'Total' ? 'Unclassified' : key],
  values,
  statistics,
  sum: '0',
});
const size = { width: 448, height: 348 };
const look = { theme: 'light', zone: 'UTC', asShare: false, lifted: null } as const;

function model(first: (number | null)[], second: (number | null)[]): StackedAreaModel {
  const total = first.map((value, i) => (value === null ? null : value + (second[i] ?? 0)));
  return {
    quantity: 'bit/s',
    from: 0,
    to: first.length * 3600,
    buckets: first.map((value, i) => ({
      from: i * 3600,
      to: (i + 1) * 3600,
      state: value === null ? 'gap' : 'whole',
    })),
    series: [series('CDN', first), series('Neocloud', second)],
    total: series('Total', total),
    gaps: first.flatMap((value, i) => (value === null ? [{ from: i * 3600, to: (i + 1) * 3600 }] : [])),
    arriving: [],
    zero: false,
    nothing: false,
  };
}
const draw = (input: StackedAreaModel, change: Partial<StackedAreaLook> = {}) => {
  const how = { ...look, ...change };
  const layers = stack(input, new Set(), how.asShare);
  return stackedAreaShapes(input, placeStackedArea(input, layers, how.asShare, size), how);
};
const texts = (shapes: ReturnType<typeof stackedAreaShapes>): string[] =>
  shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));

describe('stackedAreaShapes', () => {
  it('names the unit once, on the top tick', () => {
    const busy = model([2e9, 2e9, 2e9, 2e9], [1e9, 1e9, 1e9, 1e9]);
    const shown = texts(draw(busy));
    expect(shown.filter((text) => text.includes('b/s'))).toEqual(['3\u2009Gb/s']);
    expect(shown).toContain('0');
  });

  it.each([
    ['silence', model([0, 0], [0, 0])],
    ['a gap', model([null, null], [null, null])],
  ])(
    'invents no value where there is none: of %s the axis has its zero alone, on the ground line',
    (_, of) => {
      const shapes = draw(of);
      expect(texts(shapes).filter((text) => text.includes('b/s'))).toEqual(['0\u2009b/s']);
      const heights = shapes.flatMap((shape) =>
        shape.kind === 'line' ? shape.points.map(([, y]) => y) : shape.kind === 'text' ? [shape.y] : [],
      );
      expect(heights.every(Number.isFinite)).toBe(true);
      const ground = shapes.find((shape) => shape.kind === 'text' && shape.text.includes('b/s'));
      // The ground line stands 26 px above the lower edge of 348, the unit 12 px above it.
      expect(ground).toMatchObject({ y: 348 - 26 - 12 });
    },
  );

  it('leaves out the hour that the name of a day at the edge would cover', () => {
    // From 06:00 to midnight in Dhaka: the day's name has to step inwards, and would stand on 21:00.
    const steady = Array.from({ length: 18 }, () => 1e9);
    const shown = texts(draw(model(steady, steady), { zone: 'Asia/Dhaka' }));
    expect(shown).toEqual(expect.arrayContaining(['15:00', '18:00', 'Fri Jan 2']));
    expect(shown).not.toContain('21:00');
  });

  it('ends at 100 % as shares', () => {
    const busy = model([2e9, 2e9], [1e9, 1e9]);
    const shown = texts(draw(busy, { asShare: true }));
    expect(shown).toContain('100\u2009%');
  });

  it('hatches a gap over its whole width and draws no area there', () => {
    const broken = model([2e9, null, 2e9, 2e9], [1e9, null, 1e9, 1e9]);
    const shapes = draw(broken);
    // The plot is 400 wide and begins at 46; the second of four buckets is the gap.
    expect(shapes.find((shape) => shape.kind === 'hatch')).toMatchObject({ x: 146, width: 100 });
    for (const shape of shapes) {
      if (shape.kind !== 'area') continue;
      expect([...shape.upper, ...shape.lower].some(([x]) => x > 146.01 && x < 245.99)).toBe(false);
    }
  });

  it('draws zero as a line on the ground, not as nothing', () => {
    const quiet = model([0, 0], [0, 0]);
    const shapes = draw(quiet);
    expect(shapes.some((shape) => shape.kind === 'line' && shape.width === 2)).toBe(true);
  });

  it('a lifted series keeps its color and the others turn gray', () => {
    const busy = model([2e9, 2e9], [1e9, 1e9]);
    const fills = draw(busy, { lifted: 'Neocloud' }).flatMap((shape) =>
      shape.kind === 'area' ? [shape.fill] : [],
    );
    expect(fills[1]).toBe('#d43d6e');
    expect(fills[0]).not.toBe('#c98212');
  });
});
