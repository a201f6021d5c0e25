import { describe, expect, it } from 'vitest';
import type { TrafficMapRows } from '@/lib/flows/contracts/trafficMap';
import { mapKeys } from './keys';
import { compareCells, mapTable } from './mapTable';
import type { MapOptions } from './model';
import { prepareMap } from './prepareMap';
import { arcSteps, greatestRadius, radiusOf } from './sizes';

const addresses = (uniques: number, magnitude: number) => ({ uniques, uniquesPlusMinus: 0, magnitude });

/** Two steps of an hour, two types: 1,000 bytes in all. */
const rows: TrafficMapRows = {
  types: ['ISP Regional', 'CDN'],
  steps: { starts: [0, 3_600], end: 7_200, seconds: [3_600, 3_600] },
  places: [
    {
      country: 'US',
      metro: 'Chicago',
      center: { latitude: 41.88, longitude: -87.63 },
      bytes: [
        ['100', '200'],
        ['100', '0'],
      ],
      addresses: addresses(10, 320),
    },
    {
      country: '',
      metro: '',
      center: null,
      bytes: [
        ['0', '150'],
        ['0', '150'],
      ],
      addresses: addresses(3, 800),
    },
    {
      country: 'DE',
      metro: '',
      center: null,
      bytes: [
        ['0', '100'],
        ['0', '0'],
      ],
      addresses: addresses(4, 200),
    },
    {
      country: 'US',
      metro: '',
      center: null,
      bytes: [
        ['90', '0'],
        ['10', '0'],
      ],
      addresses: null,
    },
    {
      country: 'MT',
      metro: '',
      center: null,
      bytes: [
        ['0', '0'],
        ['100', '0'],
      ],
      addresses: addresses(1, 800),
    },
  ],
  countries: [
    { country: 'US', addresses: addresses(12, 333) },
    { country: 'DE', addresses: addresses(4, 200) },
    { country: 'MT', addresses: addresses(1, 800) },
  ],
  total: { bytes: '1000', addresses: addresses(18, 444) },
  regions: [
    { region: 'EU', center: { latitude: 50.1, longitude: 8.7 } },
    { region: 'Lost', center: null },
    { region: 'West', center: { latitude: 37.4, longitude: -121.9 } },
  ],
  arcs: [
    { region: 'West', country: 'US', metro: 'Chicago', ingress: '100', egress: '200' },
    { region: 'EU', country: 'US', metro: 'Chicago', ingress: '0', egress: '100' },
    { region: 'Lost', country: 'DE', metro: '', ingress: '0', egress: '100' },
    { region: 'West', country: 'US', metro: '', ingress: '100', egress: '0' },
  ],
  arcsRest: { ingress: '300', egress: '100' },
  uniquesFrom: 0,
  uniquesTo: 86_400,
  geoVersion: 1,
};
const meta = { from: 600, to: 7_200, zone: 'UTC' };
const options: MapOptions = {
  view: 'world',
  measure: 'volume',
  unit: 'bytes',
  step: null,
  hidden: new Set(),
  arcs: 'both',
  countryCenter: (code) => (code === 'MT' ? null : { latitude: 1, longitude: 2 }),
};
const prepared = (change: Partial<MapOptions> = {}) => prepareMap(rows, meta, { ...options, ...change });
const sumOf = (model: ReturnType<typeof prepared>) =>
  model.entries.reduce((sum, { bytes }) => sum + BigInt(bytes), 0n);

describe('places of the map', () => {
  it('hold every byte, drawn or not, and say their share of all', () => {
    const model = prepared();
    expect(model.entries.map(({ label, bytes, share }) => [label, bytes, share])).toEqual([
      ['Chicago', '400', 0.4],
      ['Not known', '300', 0.3],
      ['Elsewhere in Germany', '100', 0.1],
      ['Elsewhere in United States', '100', 0.1],
      ['Elsewhere in Malta', '100', 0.1],
    ]);
    expect(model.total).toMatchObject({ bytes: '1000', value: 1_000 });
  });

  it('have circles whose area follows the value, of those that are drawn', () => {
    const [chicago, , germany] = prepared().entries;
    expect(chicago?.radius).toBe(1);
    expect(((germany?.radius ?? 0) / (chicago?.radius ?? 1)) ** 2).toBeCloseTo(100 / 400, 12);
    expect(radiusOf(0, greatestRadius('us', false))).toBe(0);
  });

  it('name the type with the most bytes, in the order of the stack', () => {
    const [chicago] = prepared().entries;
    expect(chicago?.leadType).toBe('ISP Regional');
    expect(chicago?.parts.map(({ type, value, share }) => [type, value, share])).toEqual([
      ['ISP Regional', 200, 0.5],
      ['CDN', 200, 0.5],
    ]);
  });

  it('count the shown types of the chosen step only, and their circles keep the scale of all steps', () => {
    const first = prepared({ step: 0, hidden: new Set(['CDN']) });
    expect(first.entries.find(({ metro }) => metro === 'Chicago')?.bytes).toBe('100');
    expect(first.total.bytes).toBe('190');
    // Of the 640 bytes of the step, hidden types included.
    expect(first.entries.find(({ metro }) => metro === 'Chicago')?.share).toBeCloseTo(100 / 640, 12);
    expect(sumOf(prepared({ step: 0 })) + sumOf(prepared({ step: 1 }))).toBe(1_000n);
    const second = prepared({ step: 1 }).entries.find(({ metro }) => metro === 'Chicago');
    expect((second?.radius ?? 0) ** 2).toBeCloseTo(100 / 300, 12);
  });

  it('show rates per covered second, of the step or of the range', () => {
    const rate = (step: number | null) =>
      prepared({ measure: 'traffic', unit: 'bits', step }).entries.find(({ metro }) => metro === 'Chicago')
        ?.value;
    expect(rate(null)).toBeCloseTo((400 * 8) / 7_200, 12);
    expect(rate(1)).toBeCloseTo((100 * 8) / 3_600, 12);
  });

  it('have addresses of the whole range, whatever step or type is chosen, and never a share', () => {
    const model = prepared({ measure: 'uniqueness', step: 1, hidden: new Set(['CDN']) });
    expect(model.wholeOnly).toBe(true);
    expect(model.entries.map(({ label, value, share }) => [label, value, share])).toEqual([
      ['Chicago', 10, null],
      ['Elsewhere in Germany', 4, null],
      ['Not known', 3, null],
      ['Elsewhere in Malta', 1, null],
      ['Elsewhere in United States', null, null],
    ]);
    expect(model.total.value).toBe(18);
    expect(model.countries.find(({ code }) => code === 'US')?.value).toBe(12);
    expect(model.when).toBe('Jan 1, 1970, 00:10 \u2013 02:00');
  });
});

describe('what a view cannot show', () => {
  it('stands beside it: unknown places always, and lands without a shape', () => {
    expect(prepared().beside.map(({ label, share }) => [label, share])).toEqual([
      ['in metros', 0.4],
      ['elsewhere in countries (rings)', 0.2],
      ['in lands too small to draw', 0.1],
      ['from places not known', 0.3],
    ]);
  });

  it('is of the volume, and says so where the map shows addresses', () => {
    const labels = prepared({ measure: 'uniqueness' }).beside.map(({ label }) => label);
    expect(labels[0]).toBe('of the volume in metros');
    expect(labels.at(-1)).toBe('of the volume from places not known');
  });

  it('is in the United States everything abroad and everything without a metro', () => {
    const model = prepared({ view: 'us' });
    expect(model.entries.filter(({ center }) => center).map(({ label }) => label)).toEqual(['Chicago']);
    expect(model.beside.map(({ label, share }) => [label, share])).toEqual([
      ['in the metros drawn here', 0.4],
      ['elsewhere in the United States', 0.1],
      ['in other countries', 0.2],
      ['from places not known', 0.3],
    ]);
  });
});

describe('totals', () => {
  const drawnOf = (model: ReturnType<typeof prepared>) =>
    mapTable(model, rows)
      .rows.filter(({ cells }) => cells[2]?.exact !== '')
      .reduce((sum, { cells }) => sum + BigInt(cells[4]?.exact ?? '0'), 0n);

  it('say beside everything how much of it the view draws, by type, and their sums are those of the table', () => {
    const world = prepared();
    expect(world.types.map(({ type, drawnBytes, value }) => [type, drawnBytes, value])).toEqual([
      ['ISP Regional', '300', 400],
      ['CDN', '300', 600],
    ]);
    expect(world.sums).toMatchObject({ drawnBytes: '600', value: 1_000, share: 1 });
    const us = prepared({ view: 'us' });
    expect(us.types.map(({ drawnBytes, value }) => [drawnBytes, value])).toEqual([
      ['200', 400],
      ['200', 600],
    ]);
    expect(us.sums).toMatchObject({ drawnBytes: '400', value: 1_000 });
    for (const view of ['world', 'us'] as const)
      for (const step of [null, 0, 1])
        for (const hidden of [new Set<string>(), new Set(['CDN'])]) {
          const model = prepared({ view, step, hidden });
          expect(model.sums.drawnBytes).toBe(String(drawnOf(model)));
          expect(sumOf(model)).toBe(BigInt(model.total.bytes));
          expect(model.sums.value).toBe(Number(model.total.bytes));
        }
  });

  it('leave out hidden types from their sum alone', () => {
    const model = prepared({ hidden: new Set(['CDN']) });
    expect(model.types.map(({ value }) => value)).toEqual([400, 600]);
    expect(model.sums).toMatchObject({ drawnBytes: '300', value: 400, share: 0.4 });
  });
});

describe('countries', () => {
  it('are shaded by their whole, from the least to the greatest', () => {
    const { countries } = prepared();
    expect(countries.map(({ code, value, tone }) => [code, value, tone])).toEqual([
      ['US', 500, 1],
      ['DE', 100, 0],
      ['MT', 100, 0],
    ]);
  });
});

describe('arcs', () => {
  it('go from region to place and back, weighed by the heaviest, with the part of all that they draw', () => {
    const { arcs, arcsShare } = prepared();
    expect(arcs.map(({ key, weight }) => [key, weight])).toEqual([
      ['West US Chicago egress', 1],
      ['West US Chicago ingress', 0.5],
      ['EU US Chicago egress', 0.5],
      ['West US  ingress', 0.5],
    ]);
    // 500 of 1,000 bytes: a region without a place has no arcs.
    expect(arcsShare).toBe(0.5);
    expect(arcs[0]?.from).toEqual({ latitude: 37.4, longitude: -121.9 });
    expect(arcs[1]?.to).toEqual({ latitude: 37.4, longitude: -121.9 });
  });

  it('of one direction count its bytes alone', () => {
    expect(prepared({ arcs: 'egress' }).arcsShare).toBeCloseTo(300 / 500, 12);
    expect(prepared({ arcs: 'none' }).arcs).toEqual([]);
  });

  it('leave out what lies outside of the view, and are of the whole range only', () => {
    expect(prepared({ view: 'us' }).arcs.map(({ region, metro }) => `${region} ${metro}`)).toEqual([
      'West Chicago',
      'West Chicago',
    ]);
    expect(prepared({ step: 0 }).arcsShare).toBeNull();
    expect(prepared().regions.map(({ region, inView }) => [region, inView])).toEqual([
      ['EU', true],
      ['Lost', false],
      ['West', true],
    ]);
  });
});

describe('keys', () => {
  it('say what sizes, widths and shades are of, with round values no greater than the greatest', () => {
    const { circles, arcs, shades } = mapKeys(prepared());
    expect(circles?.title).toBe('Area of a circle: volume');
    expect(circles?.of.map(({ text }) => text)).toEqual(['200\u2009B', '40\u2009B', '8\u2009B']);
    expect(circles?.of.map(({ radius }) => radius ** 2 * 400)).toEqual([
      expect.closeTo(200, 9),
      expect.closeTo(40, 9),
      expect.closeTo(8, 9),
    ]);
    expect(shades).toEqual({
      title: 'Shade of a country: volume of all of it, log',
      least: '100\u2009B',
      most: '500\u2009B',
    });
    // The heaviest arc carries 200 bytes.
    expect(arcs?.of).toEqual([
      { text: '200\u2009B', weight: 1 },
      { text: '100\u2009B', weight: 0.5 },
      { text: '40\u2009B', weight: 0.2 },
    ]);
  });

  it('of arcs are volume whatever circles show, and stand only where arcs do', () => {
    const keys = mapKeys(prepared({ measure: 'uniqueness', unit: 'bits' }));
    expect(keys.circles?.title).toBe('Area of a circle: addresses');
    expect(keys.arcs?.title).toBe('Width of an arc: volume of the whole range');
    // 1,600 bits.
    expect(keys.arcs?.of.map(({ text }) => text)).toEqual(['1\u2009kb', '500\u2009b', '200\u2009b']);
    expect(arcSteps(5.2e12, 'bit').map(({ text }) => text)).toEqual([
      '5\u2009Tb',
      '2.5\u2009Tb',
      '1\u2009Tb',
    ]);
    expect(mapKeys(prepared({ arcs: 'none' })).arcs).toBeNull();
    expect(mapKeys(prepared({ view: 'us' })).shades).toBeNull();
  });
});

describe('steps', () => {
  it('are cut where the range is, and said in words', () => {
    const { steps } = prepared();
    expect(steps.map(({ from, to }) => [from, to])).toEqual([
      [600, 3_600],
      [3_600, 7_200],
    ]);
    expect(prepared({ step: 1 }).when).toBe('Thu Jan 1, 01:00\u201302:00');
  });
});

describe('the table', () => {
  it('has every place with exact bytes, in all and by type', () => {
    const table = mapTable(prepared(), rows);
    expect(table.rows[0]?.cells.map(({ exact }) => exact)).toEqual([
      'Chicago',
      'US',
      '41.88',
      '-87.63',
      '400',
      '0.4',
      '10',
      '0',
      '320',
      '200',
      '200',
    ]);
    expect(table.rows).toHaveLength(5);
    expect(table.columns).toHaveLength(11);
  });

  it('sorts whole numbers by every digit, and puts what is not known last', () => {
    const cell = (exact: string) => ({ text: '', exact });
    const sorted = ['9007199254740993', '', '9007199254740992', '10', '9'].map(cell).sort(compareCells);
    expect(sorted.map(({ exact }) => exact)).toEqual(['9', '10', '9007199254740992', '9007199254740993', '']);
    expect(compareCells(cell('-87.63'), cell('8.68'))).toBeLessThan(0);
    expect(compareCells(cell('Denver'), cell('Chicago'))).toBeGreaterThan(0);
  });
});
