import { expect, it } from 'vitest';
import { axisLabel } from './axisLabel';
import { heatColumns, shortMonths } from './heatColumns';

function months(first: number, count: number) {
  return Array.from({ length: count }, (_, i) => {
    const key = new Date(Date.UTC(2025, first - 1 + i, 1)).toISOString().slice(0, 7);
    return { key, label: axisLabel('month', key, new Map()) };
  });
}
const of = (count: number) => heatColumns({ columnAxis: 'month', columns: months(8, count) });

it('a year of months has room for units, a year and a half for numbers, and more for color alone', () => {
  expect([3, 12, 13, 16, 18, 19, 24].map(of)).toEqual([
    'wide',
    'wide',
    'narrow',
    'narrow',
    'narrow',
    'colors',
    'colors',
  ]);
});

it('columns with long names keep their width, and have color alone sooner', () => {
  const columns = months(1, 17);
  expect(heatColumns({ columnAxis: 'metro', columns: columns.slice(0, 16) })).toBe('wide');
  expect(heatColumns({ columnAxis: 'metro', columns })).toBe('colors');
});

it('the year stands at the first month and at each January', () => {
  const names = shortMonths(months(11, 16), true);
  expect(names.map(({ month, year }) => `${month} ${year ?? ''}`.trim())).toEqual([
    'Nov 2025',
    'Dec',
    'Jan 2026',
    ...['Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
    'Jan 2027',
    'Feb',
  ]);
});

it('where a year is wider than its column, that of two months at the beginning is left out', () => {
  const years = (first: number) => shortMonths(months(first, 24), false).flatMap(({ year }) => year ?? []);
  expect(years(11)).toEqual(['2026', '2027']);
  expect(years(10)).toEqual(['2025', '2026', '2027']);
});
