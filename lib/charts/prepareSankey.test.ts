import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otherColor, plainColor } from './categories';
import { networkTypeColors } from './palette';
import { picksOf, prepareSankey, type SankeyDimension, type SankeyRow, sankeyTable } from './prepareSankey';

const TYPE: SankeyDimension = { label: 'Network type', colors: 'network-types' };
const REGION: SankeyDimension = { label: 'Region', colors: 'categories' };
const METRO: SankeyDimension = {
  label: 'Metro',
  colors: 'categories',
  nameOf: (key) => key.toUpperCase(),
};
const options = { text: (value: bigint) => `${value} B` };

const rows: SankeyRow[] = [
  { keys: ['CDN', 'US-West', 'chicago'], value: 50n },
  { keys: ['CDN', 'US-East', null], value: 20n },
  { keys: ['Hosting', 'US-West', 'dallas'], value: 5n },
  { keys: ['Hosting', 'US-West', 'dallas'], value: 2n },
  { keys: [null, 'US-East', null], value: 100n },
  { keys: ['Neocloud', 'CA-East', 'toronto'], value: 0n },
];

describe('prepareSankey', () => {
  const model = prepareSankey([TYPE, REGION, METRO], rows, options);

  it('puts the heaviest first and Other last, however heavy it is', () => {
    expect(model.columns.map(({ nodes }) => nodes.map(({ label, text }) => `${label} ${text}`))).toEqual([
      ['CDN 70 B', 'Hosting 7 B', 'Other 100 B'],
      ['US-East 120 B', 'US-West 57 B'],
      ['CHICAGO 50 B', 'DALLAS 7 B', 'Other 120 B'],
    ]);
  });

  it('adds rows of equal keys, links neighbors only, and draws nothing of zero', () => {
    expect(
      model.links.map(({ source, target, value }) => `${source.label} > ${target.label} ${value}`),
    ).toEqual([
      'CDN > US-East 20',
      'CDN > US-West 50',
      'Hosting > US-West 7',
      'Other > US-East 100',
      'US-East > Other 120',
      'US-West > CHICAGO 50',
      'US-West > DALLAS 7',
    ]);
    expect(model.total).toEqual({ value: 177n, text: '177 B' });
  });

  it('gives a second open set no hues, which would be those of other things', () => {
    const country: SankeyDimension = { label: 'Country', colors: 'categories' };
    const [regions, countries] = prepareSankey(
      [REGION, country],
      [
        { keys: ['US-West', 'DE'], value: 2n },
        { keys: ['US-East', 'US'], value: 1n },
      ],
      { text: String },
    ).columns;
    expect(new Set(regions?.nodes.map(({ color }) => color.light)).size).toBe(2);
    expect(countries?.nodes.map(({ color }) => color.light)).toEqual([plainColor.light, plainColor.light]);
  });

  it('gives network types their fixed colors wherever they stand, and other columns none beside them', () => {
    const { columns, links } = prepareSankey(
      [REGION, TYPE],
      [
        { keys: ['US-West', 'CDN'], value: 2n },
        { keys: ['US-West', null], value: 1n },
      ],
      { text: String },
    );
    expect(columns.map(({ nodes }) => nodes.map(({ color }) => color))).toEqual([
      [plainColor],
      [networkTypeColors.CDN, otherColor],
    ]);
    // A link to a network type has its color, so that a color is a network type all over the picture.
    expect(links.map(({ color }) => color)).toEqual([networkTypeColors.CDN, otherColor]);
  });

  it('gives network types their fixed colors and Other the gray of the rest', () => {
    const [types, regions] = model.columns;
    expect(types?.nodes.map(({ color }) => color.light)).toEqual([
      networkTypeColors.CDN.light,
      networkTypeColors.Hosting.light,
      networkTypeColors.Unclassified.light,
    ]);
    expect(regions?.nodes.map(({ color }) => color)).toEqual([plainColor, plainColor]);
    expect(model.links[0]?.color).toEqual(networkTypeColors.CDN);
  });

  it('keeps every digit in the file', () => {
    const big = prepareSankey([TYPE, REGION], [{ keys: ['CDN', 'US-West'], value: 2n ** 60n + 1n }], options);
    const table = sankeyTable(big, { label: 'Volume', definition: 'bytes', csv: 'bytes' });
    expect(table.rows[0]?.cells.map(({ exact }) => exact)).toEqual([
      'CDN',
      'US-West',
      '1152921504606846977',
      '1',
    ]);
  });

  it('lets a named node be chosen, and Other not', () => {
    const link = model.links.find(({ source, target }) => source.key === 'US-East' && target.key === null);
    expect(link && picksOf([link.source, link.target])).toEqual([{ dimensionIndex: 1, key: 'US-East' }]);
  });

  it('has nothing to draw without rows', () => {
    const empty = prepareSankey([TYPE, REGION], [], options);
    expect(empty.links).toEqual([]);
    expect(empty.columns.map(({ nodes }) => nodes.length)).toEqual([0, 0]);
    expect(empty.total.value).toBe(0n);
  });

  it('refuses rows that do not fit their dimensions, and negative ones', () => {
    expect(() => prepareSankey([TYPE, REGION], [{ keys: ['CDN'], value: 1n }], options)).toThrow(RangeError);
    expect(() => prepareSankey([TYPE], [{ keys: ['CDN'], value: -1n }], options)).toThrow(RangeError);
  });
});

describe('for any rows', () => {
  const key = fc.oneof(fc.constant(null), fc.constantFrom('a', 'b', 'c', 'd', 'Other', '["0"]'));
  const row = fc.record({
    keys: fc.tuple(key, key, key),
    value: fc.bigInt({ min: 0n, max: 2n ** 70n }),
  });

  it('each column, and the links between two, add up to the total of the rows, and each node to its links', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (some) => {
        const model = prepareSankey([TYPE, REGION, METRO], some, options);
        const whole = some.reduce((sum, { value }) => sum + value, 0n);
        for (const { nodes } of model.columns)
          expect(nodes.reduce((sum, { value }) => sum + value, 0n)).toBe(whole);
        for (const left of [0, 1]) {
          const between = model.links.filter(({ source }) => source.column === left);
          expect(between.reduce((sum, { value }) => sum + value, 0n)).toBe(whole);
          for (const node of model.columns[left]?.nodes ?? []) {
            const out = between.filter(({ source }) => source.id === node.id);
            expect(out.reduce((sum, { value }) => sum + value, 0n)).toBe(node.value);
          }
        }
        const ids = model.columns.flatMap(({ nodes }) => nodes.map(({ id }) => id));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
