import { expect, test } from 'vitest';
import { parseScope } from '@/lib/flows/urlState';
import { Notes } from './interact';
import { figuresOf } from './openPages';
import type { PageVitals, Response } from './probe';
import { rangeQuery } from './week';

const vitals = (change: Partial<PageVitals>): PageVitals => ({
  firstByte: 5,
  largestContentfulPaint: 100,
  largest: 'h1 "Overview"',
  layoutShift: 0,
  moved: '',
  drawn: 200,
  complete: 300,
  longTasks: [],
  scriptBytes: 1000,
  ...change,
});
const overview = { name: 'Overview', path: '/', bare: false };

test('a page: spreads over the rounds, the worst shift, tasks added up by round', () => {
  const figures = figuresOf(overview, [
    vitals({ largestContentfulPaint: 400, layoutShift: 0.02, moved: 'p "late"', longTasks: [60, 70] }),
    vitals({ largestContentfulPaint: 200, longTasks: [80] }),
    vitals({ largestContentfulPaint: 300, scriptBytes: 2000 }),
  ]);
  expect(figures.largestContentfulPaint).toEqual({ p50: 300, p95: 400, worst: 400, count: 3 });
  expect([figures.layoutShift, figures.moved]).toEqual([0.02, 'p "late"']);
  expect(figures.longTasks).toEqual({ p50: 80, p95: 130, worst: 130, count: 3 });
  expect(figures.longestTask).toBe(80);
  expect(figures.scriptBytes).toBe(2000);
});

test('a page without a picture in one round is an error, and a bare page needs none', () => {
  const rounds = [vitals({}), vitals({ drawn: null, complete: null })];
  expect(() => figuresOf(overview, rounds)).toThrow('Overview was opened without a picture');
  expect(figuresOf({ ...overview, bare: true }, rounds).drawn).toBeNull();
});

const response = (change: Partial<Response>): Response => ({
  nextFrame: 10,
  document: 20,
  canvas: 30,
  found: 40,
  last: 50,
  ...change,
});

test('an input is judged by the frame that shows what it asks for', () => {
  const notes = new Notes();
  const note = notes.noteOf('Explore, area', '8 x 2,000');
  for (const gesture of ['hover', 'toggle', 'completed', 'palette'] as const) note(gesture, response({}));
  note('hover', response({ document: 120 }));
  expect(notes.figures().map(({ gesture, shown }) => [gesture, shown.p50, shown.worst, shown.count])).toEqual(
    [
      ['hover', 20, 120, 2],
      ['toggle', 30, 30, 1],
      ['completed', 50, 50, 1],
      ['palette', 40, 40, 1],
    ],
  );
});

test('an input that nothing followed is an error and not a fast answer', () => {
  const notes = new Notes();
  notes.noteOf('Overview', null)('toggle', response({ canvas: null }));
  expect(() => notes.figures()).toThrow('Overview: legend toggle was not followed by canvas');
});

test('ranges have 2,000 steps of five minutes, and each round another one', () => {
  const [first, second] = [0, 1].map((round) => {
    const read = parseScope(new URLSearchParams(rangeQuery(round)));
    if (!('scope' in read) || read.scope.range.kind !== 'absolute') throw new Error('not a range');
    return read.scope.range;
  });
  expect(first && (first.to - first.from) / 300).toBe(2000);
  expect(first && second && first.from - second.from).toBe(3600);
});
