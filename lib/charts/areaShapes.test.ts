import { describe, expect, it } from 'vitest';
import { areaRuns, drawsSteps, type Frame, instantAtX, labelPlace, xOf } from './areaShapes';
import type { Bucket, BucketState } from './bucketStates';
import type { Layer } from './prepareStackedArea';

/** 100 pixels for 100 seconds, 100 pixels for 100 units: coordinates can be read off. */
const frame: Frame = { x: 0, y: 0, width: 100, height: 100, from: 0, to: 100, top: 100 };
const buckets = (...states: BucketState[]): Bucket[] =>
  states.map((state, i) => ({ from: i * 20, to: (i + 1) * 20, state }));
const layer = (...values: (number | null)[]): Layer => ({
  key: 'CDN',
  upper: values,
  lower: values.map((value) => (value === null ? null : 0)),
});

describe('areaRuns', () => {
  it('breaks at a gap, and each side reaches flat to the edge of its own bucket', () => {
    const runs = areaRuns(buckets('whole', 'whole', 'gap', 'whole'), layer(10, 30, null, 50), frame);
    expect(runs.map((run) => run.upper)).toEqual([
      [
        [0, 90],
        [10, 90],
        [30, 70],
        [40, 70],
      ],
      [
        [60, 50],
        [70, 50],
        [80, 50],
      ],
    ]);
  });

  it('a change of look splits the area at the edge between two buckets, without a step', () => {
    const runs = areaRuns(buckets('whole', 'provisional'), layer(10, 30), frame);
    expect(runs.map((run) => run.pale)).toEqual([false, true]);
    expect(runs[0]?.upper.at(-1)).toEqual([20, 80]);
    expect(runs[1]?.upper[0]).toEqual([20, 80]);
  });

  it('zero is drawn, at zero', () => {
    const runs = areaRuns(buckets('whole'), layer(0), frame);
    expect(runs[0]?.upper.every(([, y]) => y === 100)).toBe(true);
  });

  it('both edges of an area run from left to right over the same places', () => {
    const [run] = areaRuns(buckets('whole'), layer(40), frame);
    expect(run?.upper).toEqual([
      [0, 60],
      [10, 60],
      [20, 60],
    ]);
    expect(run?.lower).toEqual([
      [0, 100],
      [10, 100],
      [20, 100],
    ]);
  });
});

describe('steps', () => {
  const steps = { ...frame, steps: true };

  it('stand flat over the whole of their bucket, to both ends and to both sides of a gap', () => {
    const runs = areaRuns(buckets('whole', 'whole', 'gap', 'whole'), layer(10, 30, null, 50), steps);
    expect(runs.map((run) => run.upper)).toEqual([
      [
        [0, 90],
        [20, 90],
        [20, 70],
        [40, 70],
      ],
      [
        [60, 50],
        [80, 50],
      ],
    ]);
  });

  it('that change their look go on from the height before, so that a line has no hole', () => {
    const runs = areaRuns(buckets('whole', 'provisional'), layer(10, 30), steps);
    expect(runs.map(({ pale, upper }) => [pale, upper])).toEqual([
      [
        false,
        [
          [0, 90],
          [20, 90],
        ],
      ],
      [
        true,
        [
          [20, 90],
          [20, 70],
          [40, 70],
        ],
      ],
    ]);
  });

  it('are drawn of a year by month and a quarter by day, not of a day by five minutes', () => {
    expect([12, 92, 288].map(drawsSteps)).toEqual([true, true, false]);
  });
});

describe('labels and pixels', () => {
  it('a name stands only where it fits inside its layer', () => {
    const wide = areaRuns(
      buckets('whole', 'whole', 'whole', 'whole', 'whole'),
      layer(5, 60, 60, 60, 5),
      frame,
    );
    expect(labelPlace(wide, 'CDN', 30, 20)).toEqual({ text: 'CDN', x: 45, y: 70 });
    expect(labelPlace(wide, 'CDN', 30, 70)).toBeNull();
  });

  it('pixels and instants are one line, held inside the frame', () => {
    expect(xOf(frame, 25)).toBe(25);
    expect([-5, 25, 500].map((x) => instantAtX(frame, x))).toEqual([0, 25, 100]);
  });
});
