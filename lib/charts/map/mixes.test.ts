import { describe, expect, it } from 'vitest';
import { mixesSeries, slicesOf } from './mixes';
import type { MapEntry } from './model';

function place(parts: readonly (readonly [string, number])[], radius = 20) {
  const entry: MapEntry = {
    key: 'US Chicago',
    country: 'US',
    metro: 'Chicago',
    label: 'Chicago',
    center: { latitude: 41.88, longitude: -87.63 },
    value: 1,
    text: '1 b',
    share: 1,
    bytes: '1',
    bytesByType: [],
    addresses: null,
    leadType: 'Neocloud',
    parts: parts.map(([type, share]) => ({ type, value: share, text: '', share })),
    radius: 1,
  };
  return { entry, radius };
}

const mixed = place([
  ['ISP Regional', 0.25],
  ['Neocloud', 0.75],
]);

describe('the circle of a place', () => {
  it('is cut by its types in stack order, once around', () => {
    expect(slicesOf(mixed, true)).toEqual([
      { type: 'ISP Regional', from: 0, to: 0.25 },
      { type: 'Neocloud', from: 0.25, to: 1 },
    ]);
  });

  it('has the color of its leading type where it is small, or where the measure does not add up', () => {
    const whole = [{ type: 'Neocloud', from: 0, to: 1 }];
    expect(slicesOf({ ...mixed, radius: 6 }, true)).toEqual(whole);
    expect(slicesOf(mixed, false)).toEqual(whole);
  });

  it('begins at the top and goes clockwise around the place', () => {
    const series = mixesSeries([mixed], true, 'light');
    const api = { value: (i: number) => series.data[0]?.[i], coord: () => [100, 50] };
    const drawn = series.renderItem({ dataIndex: 0 }, api);
    expect(drawn?.children.map(({ type, shape }) => ({ type, ...shape }))).toEqual([
      {
        type: 'sector',
        cx: 100,
        cy: 50,
        r0: 0,
        r: 20,
        startAngle: -Math.PI / 2,
        endAngle: 0,
        clockwise: true,
      },
      {
        type: 'sector',
        cx: 100,
        cy: 50,
        r0: 0,
        r: 20,
        startAngle: 0,
        endAngle: (3 * Math.PI) / 2,
        clockwise: true,
      },
    ]);
  });
});
