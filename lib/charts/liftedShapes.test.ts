import { expect, test } from 'vitest';
import { beforeGray, behindLifted, NO_SERIES } from './liftedShapes';
import type { Shape } from './shapes';

const points = [
  [0, 1],
  [2, 1],
] as const;
const shape = (stroke: string, ...of: string[]): Shape => ({
  kind: 'line',
  points: points.map(([x, y]) => [x, y]),
  stroke,
  width: 1,
  ...(of.length > 0 ? { of } : {}),
});
/** Axes, three series, a hairline between two of them, and a rule upon all. */
const draw = (lifted: string | null): Shape[] => [
  shape('axis'),
  ...['a', 'b', 'c'].map((key) => shape(lifted === null || lifted === key ? key : 'gray', key)),
  shape('hairline', 'a', 'b'),
  shape('rule'),
];
const strokes = (shapes: readonly Shape[]) =>
  shapes.map((each) => (each.kind === 'line' ? each.stroke : each.kind));

test('behind a lifted series stand the axes and all series in gray', () => {
  expect(strokes(behindLifted(draw(NO_SERIES)))).toEqual(['axis', 'gray', 'gray', 'gray', 'hairline']);
});

test('before them stand the lifted series, what it shares with others, and what stands upon all', () => {
  expect(strokes(beforeGray(draw('b'), 'b'))).toEqual(['b', 'hairline', 'rule']);
  expect(strokes(beforeGray(draw('c'), 'c'))).toEqual(['c', 'rule']);
});

test('each shape of the picture stands in one of the two, once for all series', () => {
  const whole = draw('a');
  const drawn = [...behindLifted(draw(NO_SERIES)), ...beforeGray(whole, 'a')];
  for (const stroke of strokes(whole)) expect(strokes(drawn)).toContain(stroke);
  expect(strokes(drawn).filter((stroke) => stroke === 'axis' || stroke === 'rule')).toHaveLength(2);
});

test('a picture without series is all behind', () => {
  expect(behindLifted([shape('axis')])).toHaveLength(1);
  expect(beforeGray([shape('axis')], 'a')).toEqual([]);
});
