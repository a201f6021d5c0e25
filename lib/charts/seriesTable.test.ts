import { describe, expect, it } from 'vitest';
import { namesFrom } from './keyLabel';
import { prepareSeries, type SeriesOptions } from './prepareSeries';
import { seriesCsv, seriesCsvColumns } from './seriesCsv';
import { prepareSeriesTable, sortedRows } from './seriesTable';
import { sparkline } from './sparkline';
import { tableCsv } from './tableModel';
import { answerOf, hours, made, totalOf } from './testing/exploreRows';

const HOUR = 3_600;
const meta = { from: 0, to: 2 * HOUR, watermark: 1e9 };
const options: SeriesOptions = {
  measure: 'traffic',
  by: ['asn', 'region'],
  unit: 'bits',
  now: 1e9,
  colors: new Map(),
};
const head = { title: 'T', lines: [] };
const parse = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\r\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(','));

/** 2^60 bytes and one more: a JavaScript number would lose the one. */
const HUGE = '1152921504606846977';

describe('the table of groups', () => {
  const series = [
    made(['64500', 'US-West'], [10, 20]),
    made(['64501', 'EU-Central'], [5, 5]),
    made(null, [1, 1]),
  ];
  const then = [made(['64500', 'US-West'], [5, 10])];
  const previous = {
    from: -2 * HOUR,
    to: 0,
    ...hours(2, -2 * HOUR),
    series: then,
    totals: [totalOf(then, 'both')],
  };
  const model = prepareSeries(answerOf(series, { found: 7, previous }), meta, options);
  const table = prepareSeriesTable(model, namesFrom([{ dimension: 'asn', key: '64500', name: 'Example' }]));

  it('has a column for each dimension, exact keys in the file and the total last', () => {
    expect(table.rows.map(({ cells }) => cells.slice(0, 2).map(({ text }) => text))).toEqual([
      ['AS64500 Example', 'US-West'],
      ['AS64501', 'EU-Central'],
      ['Other (5)', ''],
      ['Total', ''],
    ]);
    const [header, ...lines] = parse(tableCsv(table, head));
    const at = header?.indexOf('total_bytes') ?? -1;
    expect(lines.map((line) => [line[0], line[at]])).toEqual([
      ['64500', '30'],
      ['64501', '10'],
      ['Other', '2'],
      ['Total', '42'],
    ]);
  });

  it('sums are shown in the unit of the page, and are bytes in the file', () => {
    const total = (unit: 'bits' | 'bytes') => {
      const { columns, rows } = prepareSeriesTable(
        prepareSeries(answerOf(series, { found: 7, previous }), meta, { ...options, unit }),
        namesFrom([]),
      );
      return rows.at(-1)?.cells[columns.findIndex(({ key }) => key === 'total')];
    };
    expect(total('bits')).toMatchObject({ text: '336\u2009b', exact: '42', title: '42 bytes' });
    expect(total('bytes')).toMatchObject({ text: '42\u2009B', exact: '42', title: '42 bytes' });
  });

  it('changes are of rates over equal stretches', () => {
    const change = table.columns.findIndex(({ key }) => key === 'change');
    expect(table.rows.map(({ cells }) => cells[change]?.text)).toEqual([
      '+100\u2009%',
      '\u2013',
      '\u2013',
      '+180\u2009%',
    ]);
    expect(table.columns[change]?.definition).toContain('2 buckets that are whole in both ranges');
  });

  it('sorts by any column, the total stays last, and what has no value comes behind', () => {
    const column = (key: string) => table.columns.findIndex((each) => each.key === key);
    expect(sortedRows(table, { column: column('total'), descending: false })).toEqual([2, 1, 0, 3]);
    expect(sortedRows(table, { column: column('total'), descending: true })).toEqual([0, 1, 2, 3]);
    expect(sortedRows(table, { column: column('region'), descending: false })).toEqual([1, 0, 2, 3]);
    expect(sortedRows(table, { column: column('change'), descending: true })[0]).toBe(0);
  });

  it('of addresses it counts, and shares nothing', () => {
    const counted = prepareSeries(
      answerOf([made(['64500', 'x'], [1, 1], 'both', { addresses: [3, 4] })]),
      meta,
      { ...options, measure: 'uniqueness' },
    );
    const keys = prepareSeriesTable(counted, new Map()).columns.map(({ key }) => key);
    expect(keys).toEqual(['asn', 'region', 'last', 'max', 'addresses']);
  });
});

describe('the file of buckets', () => {
  it('carries exact sums and rates of what no number holds', () => {
    const series = [made(['CDN'], [0, 0], 'both', { sums: [HUGE, '0'] })];
    const rows = answerOf(series, { totals: [made([], [0, 0], 'both', { sums: [HUGE, '0'] })] });
    const [header, first] = parse(seriesCsv(rows, { measure: 'traffic', by: ['type'], zone: 'UTC' }, head));
    const cell = (name: string) => first?.[header?.indexOf(name) ?? -1];
    expect(cell('CDN both bytes')).toBe(HUGE);
    expect(cell('Total both bytes')).toBe(HUGE);
    // 1152921504606846977 x 8 / 3600 = 2562047788015215.504, rounded
    expect(cell('CDN both bit/s')).toBe('2562047788015216');
  });

  it('an uncovered bucket is empty, a covered one without anything is 0', () => {
    const rows = answerOf([made(['CDN'], [0, 0], 'both', { addresses: [0, 0] })], { seconds: [HOUR, 0] });
    const lines = (measure: 'packets' | 'magnitude') =>
      parse(seriesCsv(rows, { measure, by: ['type'], zone: 'UTC' }, head))
        .slice(1)
        .map((line) => line.slice(5));
    expect(lines('packets')).toEqual([
      ['0', '0', '0', '0'],
      ['', '', '', ''],
    ]);
    expect(lines('magnitude')[0]).toEqual(['0', '0', '0', '0', '', '']);
    expect(seriesCsvColumns('magnitude').join()).toContain('bit/address');
  });
});

describe('sparkline', () => {
  it('breaks at what is missing, and a zero is a line on the ground', () => {
    expect(sparkline([0, 10, null, 5], 30, 10)).toBe('M0 10L10 0M30 5');
    expect(sparkline([0, 0], 30, 10)).toBe('M0 10H30');
    expect(sparkline([null, null], 30, 10)).toBe('');
  });

  it('loses no peak where there are more values than pixels', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => (i === 777 ? 50 : 1));
    expect(sparkline(values, 20, 10)).toMatch(/ 0(L|$)/);
  });
});
