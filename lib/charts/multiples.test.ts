import { describe, expect, it } from 'vitest';
import { multiplesOf } from './multiples';
import type { SeriesView } from './placeSeries';
import { prepareSeries } from './prepareSeries';
import { answerOf, made } from './testing/exploreRows';

const HOUR = 3_600;
const view: SeriesView = { kind: 'area', log: false, p95: false, hidden: new Set() };
const rate = (...values: number[]) => values.map((value) => value * HOUR);
const model = prepareSeries(
  answerOf([made(['a'], rate(40, 10)), made(['b'], rate(3, 3)), made(null, rate(900, 900))]),
  { from: 0, to: 2 * HOUR, watermark: 1e9 },
  { measure: 'traffic', by: ['region'], unit: 'bytes', now: 1e9, colors: new Map() },
);

describe('small multiples', () => {
  it('are one for each series, which is its own total', () => {
    const pictures = multiplesOf(model, view, true);
    expect(pictures.map(({ label }) => label.slice(0, 5))).toEqual(['a', 'b', 'Other']);
    expect(pictures[1]?.model.halves[0]?.total.values).toEqual([3, 3]);
    expect(pictures.every((each) => each.view.scale === undefined && each.isApart)).toBe(true);
  });

  it('groups share the widest scale that one of them needs; Other stands apart and says so', () => {
    const pictures = multiplesOf(model, view, false);
    expect(pictures.map((each) => each.view.scale?.top)).toEqual([40, 40, undefined]);
    expect(pictures.map(({ isApart }) => isApart)).toEqual([false, false, true]);
  });

  it('a group with nothing above zero widens the shared scale of the others by nothing', () => {
    const small = prepareSeries(
      answerOf([made(['a'], [HOUR / 2, 0]), made(['b'], [0, 0])]),
      { from: 0, to: 2 * HOUR, watermark: 1e9 },
      { measure: 'traffic', by: ['region'], unit: 'bytes', now: 1e9, colors: new Map() },
    );
    expect(multiplesOf(small, view, false).map((each) => each.view.scale?.top)).toEqual([0.5, 0.5]);
  });

  it('what is hidden has no picture', () => {
    expect(multiplesOf(model, { ...view, hidden: new Set(['a']) }, false)).toHaveLength(2);
  });
});
