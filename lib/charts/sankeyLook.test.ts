import { describe, expect, it } from 'vitest';
import { prepareSankey } from './prepareSankey';
import { narrowSankeyHeight, sankeyHeads, sankeyMargins, sankeySeries } from './sankeyLook';

const model = prepareSankey(
  [
    { label: 'Network type', colors: 'network-types' },
    { label: 'Region', colors: 'categories' },
    { label: 'Country', colors: 'categories' },
  ],
  [{ keys: ['CDN', 'US-West', 'US'], value: 1n }],
  { text: String },
);

describe('the names of columns', () => {
  it('stand over the names of their nodes: before the first column, behind the others', () => {
    const heads = sankeyHeads(model, 1_000);
    expect(heads.map(({ label, align }) => [label, align])).toEqual([
      ['Network type', 'right'],
      ['Region', 'left'],
      ['Country', 'left'],
    ]);
    // Nodes are 12 wide and stand between equal margins, which hold the names of the outer columns.
    const { left, right } = sankeySeries(model, 'light', { width: 1_000, height: 400 });
    const middle = (left + (1_000 - right)) / 2;
    const [first = 0, second = 0, third = 0] = heads.map(({ x }) => x);
    expect(first).toBeLessThan(left);
    expect(second).toBeGreaterThan(middle + 6);
    expect(second).toBeLessThan(middle + 16);
    expect(third).toBeGreaterThan(1_000 - right);
    expect(third).toBeLessThan(1_000 - right + 10);
  });

  it('begin and end with a narrow picture, so that no long one leaves it', () => {
    const heads = sankeyHeads(model, 351);
    expect(heads.map(({ x, align }) => [x, align])).toEqual([
      [0, 'left'],
      [expect.any(Number), 'left'],
      [351, 'right'],
    ]);
  });
});

describe('the room beside the outer columns', () => {
  it('grows with a name of an IPv6 network, to a quarter of the picture at most', () => {
    const long = prepareSankey(
      [
        { label: 'Region', colors: 'categories' },
        { label: 'Remote address', colors: 'categories' },
      ],
      [{ keys: ['US-West', '2001:db8:8a35:6c91::/64'], value: 1n }],
      { text: () => '88.4 Tb' },
    );
    expect(sankeyMargins(model, 1_120).right).toBeLessThan(205);
    expect(sankeyMargins(long, 1_120).right).toBeGreaterThan(245);
    expect(sankeyMargins(long, 800)).toEqual({ left: 200, right: 200 });
  });
});

describe('a narrow picture', () => {
  const many = prepareSankey(
    [
      { label: 'Region', colors: 'categories' },
      { label: 'Country', colors: 'categories' },
    ],
    Array.from({ length: 31 }, (_, i) => ({ keys: ['US-West', `country ${i}`], value: i === 0 ? 970n : 1n })),
    { text: String },
  );

  it('is high enough for two lines of text at each of the thinnest nodes', () => {
    const height = narrowSankeyHeight(many);
    const { nodeGap, top, bottom } = sankeySeries(many, 'light', { width: 351, height: height - 26 });
    expect(nodeGap).toBeGreaterThanOrEqual(30);
    // What is left for the nodes themselves.
    expect(height - 26 - top - bottom - 30 * nodeGap).toBeGreaterThan(300);
    expect(narrowSankeyHeight(model)).toBe(520);
  });

  it('has names and figures of the first column upon its links, and room for those of the last', () => {
    const { left, right, data } = sankeySeries(many, 'light', { width: 351, height: 900 });
    expect([left, right]).toEqual([0, 112]);
    expect(data[0]?.label).toMatchObject({ position: 'right', width: 351 - 112 - 12 - 12 - 10 });
    expect(data[0]?.label.formatter).toMatch(/\{value\|1000 · 100\s%\}/);
  });
});
