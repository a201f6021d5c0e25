import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAtY, yOf } from './areaShapes';
import { placeSeries, type SeriesView, scaleFor, seriesAt } from './placeSeries';
import { prepareSeries, type SeriesOptions } from './prepareSeries';
import { linearScale, logScale } from './seriesScale';
import { seriesShapes } from './seriesShapes';
import { answerOf, hours, made, totalOf } from './testing/exploreRows';

const HOUR = 3_600;
const size = { width: 448, height: 348 };
const options: SeriesOptions = {
  measure: 'traffic',
  by: ['type'],
  unit: 'bytes',
  now: 1e9,
  colors: new Map(),
};
const view: SeriesView = { kind: 'area', log: false, p95: false, hidden: new Set() };
const look = { theme: 'light', zone: 'UTC', lifted: null, names: true } as const;
/** Bytes per hour are 3,600 times the value that is drawn. */
const of = (series: Parameters<typeof answerOf>[0], change: Parameters<typeof answerOf>[1] = {}) =>
  prepareSeries(
    answerOf(series, change),
    { from: 0, to: (series[0]?.sums.length ?? 0) * HOUR, watermark: 1e9 },
    options,
  );
const rate = (...values: number[]) => values.map((value) => value * HOUR);

describe('a mirrored picture', () => {
  it('hangs egress from the line, each half with all of its own', () => {
    const model = of([
      made(['CDN'], rate(10, 10), 'ingress'),
      made(['Neocloud'], rate(20, 20), 'ingress'),
      made(['CDN'], rate(30, 30), 'egress'),
      made(['Neocloud'], rate(50, 50), 'egress'),
    ]);
    const places = placeSeries(model, view, size);
    const [up, down] = places.stacks;
    expect(up?.layers.map(({ key, upper }) => [key, upper[0]])).toEqual([
      ['CDN', 10],
      ['Neocloud', 30],
    ]);
    // From the bottom of the canvas: the outermost first, and what is nearest to the line last.
    expect(down?.layers.map(({ key, lower, upper }) => [key, lower[0], upper[0]])).toEqual([
      ['Neocloud', -80, -30],
      ['CDN', -30, -0],
    ]);
    expect(places.ticks).toContain(0);
    expect(places.frame.bottom).toBeLessThanOrEqual(-80);
    const words = seriesShapes(model, places, view, look).flatMap((shape) =>
      shape.kind === 'text' ? [shape.text] : [],
    );
    expect(words).toEqual(expect.arrayContaining(['Ingress \u2191', 'Egress \u2193']));
    expect(words.some((word) => /^[-\u2212]/.test(word))).toBe(false);
  });

  it('with nothing on either side has its zero alone, in the middle', () => {
    const places = placeSeries(
      of([made(['CDN'], [0, 0], 'ingress'), made(['CDN'], [0, 0], 'egress')]),
      view,
      size,
    );
    expect(places.ticks).toEqual([0]);
    expect(yOf(places.frame, 0)).toBe(places.frame.y + places.frame.height / 2);
  });

  it('the outer edges are the totals of both halves', () => {
    const sums = fc.array(fc.nat({ max: 1e6 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(sums, { minLength: 1, maxLength: 6 }), (all) => {
        const model = of(
          all.flatMap((values, i) => [
            made([`k${i}`], values, 'ingress'),
            made([`k${i}`], values.toReversed(), 'egress'),
          ]),
        );
        const [up, down] = placeSeries(model, view, size).stacks;
        const [above, below] = model.halves;
        for (let i = 0; i < 3; i += 1) {
          expect(up?.layers.at(-1)?.upper[i]).toBeCloseTo(above?.total.values[i] ?? Number.NaN, 6);
          expect(-(down?.layers[0]?.lower[i] ?? 0)).toBeCloseTo(below?.total.values[i] ?? Number.NaN, 6);
        }
      }),
    );
  });
});

describe('scales', () => {
  it('both sides of a mirrored axis have one step and hold their greatest', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (up, down) => {
          const { ticks, top, bottom } = linearScale(up, down);
          expect(top).toBeGreaterThanOrEqual(up * (1 - 1e-9));
          expect(bottom).toBeLessThanOrEqual(-down * (1 - 1e-9));
          expect(ticks).toContain(0);
          expect(ticks.length).toBeLessThanOrEqual(9);
        },
      ),
    );
  });

  it('a logarithm is in whole decades, at most six, and has no zero', () => {
    expect(logScale([0, 30, 4_000])).toMatchObject({ bottom: 10, top: 10_000, log: true });
    expect(logScale([1, 1e12])).toMatchObject({ bottom: 1e6, top: 1e12 });
    expect(logScale([100, 100])).toMatchObject({ bottom: 10, top: 100 });
    expect(logScale([0, 0])).toBeNull();
  });

  it('a pixel means the value that stands there, linear, mirrored and logarithmic', () => {
    const frame = { x: 0, y: 20, width: 100, height: 300, from: 0, to: 1, top: 1_000 };
    for (const bottom of [0, -500])
      expect(valueAtY({ ...frame, bottom }, yOf({ ...frame, bottom }, 250))).toBeCloseTo(250);
    const log = { ...frame, bottom: 1, log: true };
    expect(valueAtY(log, yOf(log, 250))).toBeCloseTo(250);
    expect(yOf(log, 10) - yOf(log, 100)).toBeCloseTo(100);
    expect(yOf(log, 0)).toBe(320);
  });

  it("a line's axis holds its percentile and the range that is compared", () => {
    const then = made(['CDN'], rate(90, 90));
    const previous = {
      from: -2 * HOUR,
      to: 0,
      ...hours(2, -2 * HOUR),
      series: [then],
      totals: [totalOf([then], 'both')],
    };
    const series = [made(['CDN'], rate(10, 20), 'both', { p95: 8 * 400 })];
    const top = (model: ReturnType<typeof of>, change: Partial<SeriesView>) =>
      scaleFor(model, { ...view, kind: 'lines', ...change }).top;
    expect(top(of(series), {})).toBe(20);
    expect(top(of(series, { previous }), {})).toBe(100);
    expect(top(of(series), { p95: true })).toBe(400);
  });
});

describe('what is below a point', () => {
  const model = of([made(['CDN'], rate(10, 10)), made(['Neocloud'], rate(30, 30))]);
  it('of areas the layer, in which half it may be', () => {
    const places = placeSeries(model, view, size);
    const at = (value: number) => seriesAt(places, 0, 100, yOf(places.frame, value), value);
    expect([at(5), at(20), at(45)]).toEqual(['CDN', 'Neocloud', null]);
  });

  it('of lines the nearest within reach', () => {
    const places = placeSeries(model, { ...view, kind: 'lines' }, size);
    const at = (y: number) => seriesAt(places, 0, 200, y, 0);
    expect(at(yOf(places.frame, 30) + 5)).toBe('Neocloud');
    expect(at(yOf(places.frame, 10) - 5)).toBe('CDN');
    expect(at(yOf(places.frame, 20))).toBeNull();
  });

  it('hidden series are neither drawn nor found', () => {
    const places = placeSeries(model, { ...view, kind: 'lines', hidden: new Set(['CDN']) }, size);
    expect(places.lines.map(({ key }) => key)).toEqual(['Neocloud']);
  });
});

describe('seriesShapes', () => {
  it('the range that is compared is one dashed line over an area', () => {
    const then = made(['CDN'], rate(5, 5));
    const previous = {
      from: -2 * HOUR,
      to: 0,
      ...hours(2, -2 * HOUR),
      series: [then],
      totals: [totalOf([then], 'both')],
    };
    const model = of([made(['CDN'], rate(10, 10))], { previous });
    const dashed = (with_: typeof model) =>
      seriesShapes(with_, placeSeries(with_, view, size), view, look).filter(
        (shape) => shape.kind === 'line' && shape.dash?.[0] === 5,
      );
    expect(dashed(model)).toHaveLength(1);
    expect(dashed(of([made(['CDN'], rate(10, 10))]))).toHaveLength(0);
  });

  it('names the percentile at its line', () => {
    const model = of([made(['CDN'], rate(10, 10))], {
      totals: [made([], rate(10, 10), 'both', { p95: 8 * 7 })],
    });
    const shown = { ...view, p95: true };
    const words = seriesShapes(model, placeSeries(model, shown, size), shown, look).flatMap((shape) =>
      shape.kind === 'text' ? [shape.text] : [],
    );
    expect(words).toContain('p95 7\u2009B/s');
  });
});

describe('what is compared with a stack', () => {
  const DAY = 24 * HOUR;
  const then = [made(['CDN'], rate(2, 2)), made(['Hosting'], rate(3, 3)), made(null, rate(500, 500))];
  const model = of([made(['CDN'], rate(1, 1)), made(['Hosting'], rate(4, 4)), made(null, rate(600, 600))], {
    previous: {
      from: -DAY,
      to: -DAY + 2 * HOUR,
      ...hours(2, -DAY),
      series: then,
      totals: [totalOf(then, 'both')],
    },
  });
  const heights = (hidden: string[]) => {
    const places = placeSeries(model, { ...view, hidden: new Set(hidden) }, size);
    const [line] = places.past;
    const ys = line?.runs.flatMap(({ upper }) => upper.map(([, y]) => y)) ?? [];
    return [...new Set(ys.map((y) => Math.round(valueAtY(places.frame, y))))];
  };
  const other = model.halves[0]?.series.find(({ keys }) => keys === null)?.key ?? '';

  it('is everything while all of it is drawn', () => {
    expect(heights([])).toEqual([505]);
  });

  it('is the same series where some are hidden, and the axis goes by them', () => {
    expect(heights([other])).toEqual([5]);
    expect(scaleFor(model, { ...view, hidden: new Set([other]) }).top).toBeLessThan(10);
  });

  it('has no 95th percentile of some of it, which nobody knows', () => {
    const levels = (hidden: string[]) =>
      placeSeries(model, { ...view, p95: true, hidden: new Set(hidden) }, size).p95.length;
    expect(levels([other])).toBe(0);
  });
});
