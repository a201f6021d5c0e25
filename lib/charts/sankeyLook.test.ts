import { describe, expect, it } from 'vitest';
import { prepareSankey } from './prepareSankey';
import { sankeyHeads, sankeyMargin, sankeySeries } from './sankeyLook';

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
    expect(sankeyMargin(model, 1_120)).toBeLessThan(205);
    expect(sankeyMargin(long, 1_120)).toBeGreaterThan(245);
    expect(sankeyMargin(long, 800)).toBe(200);
  });
});
