import { describe, expect, test } from 'vitest';
import type { CoverageCalendarRows } from '@/lib/flows/contracts/coverageCalendar';
import { printable } from './dataCells';
import { calendarTable, prepareCalendar } from './prepareCalendar';
import { prepareTotals } from './prepareTotals';
import { tableCsv } from './tableModel';

const DAY = 86_400;
const FROM = Date.UTC(2026, 9, 30) / 1000;

const row = (exporter: string, expected: number[], covered: number[]) => ({
  exporter,
  name: exporter === '' ? 'All' : exporter,
  expectedSeconds: expected,
  coveredSeconds: covered,
});

const rows: CoverageCalendarRows = {
  days: [0, 1, 2, 3].map((n) => FROM + n * DAY),
  end: FROM + 4 * DAY,
  asked: { from: FROM + 2 * DAY, to: FROM + 3 * DAY + 3_600 },
  exporters: [row('e1', [0, DAY, DAY, 3_600], [0, 0, DAY / 2, 3_600])],
  total: row('', [0, DAY, DAY, 3_600], [0, 0, DAY / 2, 3_600]),
};

describe('the calendar', () => {
  const model = prepareCalendar(rows, 'UTC');

  test('tells nothing expected from nothing came, and full from nearly full', () => {
    expect(model.rows[1]?.cells.map(({ share, step }) => [share, step])).toEqual([
      [null, 0],
      [0, 0],
      [0.5, 2],
      [1, 4],
    ]);
    expect(model.rows[1]?.cells.map(({ text }) => text)).toEqual([
      'e1, Fri Oct 30: nothing expected',
      'e1, Sat Oct 31: 0\u2009% covered, 1\u2009day missing',
      'e1, Sun Nov 1: 50.0\u2009% covered, 12\u2009h missing',
      'e1, Mon Nov 2: 100\u2009% covered',
    ]);
  });

  test('adds up the days of the range only, by their seconds', () => {
    expect(model.rows[1]?.cells.map(({ inRange }) => inRange)).toEqual([false, false, true, true]);
    expect(model.rows[1]?.share).toBeCloseTo((DAY / 2 + 3_600) / (DAY + 3_600), 12);
  });

  test('names months where they begin', () => {
    expect(model.days.map(({ day, month }) => month + day)).toEqual(['Oct30', '31', 'Nov1', '2']);
  });

  test('as a file has exact shares, and nothing where nothing was expected', () => {
    const lines = tableCsv(calendarTable(model, 'UTC'), { title: 't', lines: [] })
      .split('\r\n')
      .filter((line) => line.startsWith('e1'));
    expect(lines).toEqual([
      'e1,2026-11-02T00:00:00.000Z,1',
      'e1,2026-11-01T00:00:00.000Z,0.5',
      'e1,2026-10-31T00:00:00.000Z,0',
      'e1,2026-10-30T00:00:00.000Z,',
    ]);
  });
});

test('directions keep every digit, and shares are of all of them', () => {
  const status = {
    bytesByDirection: { ingress: '1152921504606846976', egress: '0', internal: '0', transit: '0' },
  };
  const model = prepareTotals(status as never, { notCountedBytes: '1152921504606846976' } as never);
  const csv = tableCsv(model, { title: 't', lines: [] });
  expect(csv).toContain('Ingress,yes,1152921504606846976,0.5,');
  expect(csv).toContain('Not counted,no,1152921504606846976,0.5,');
});

test('text from outside shows its control and direction marks, and is no formula in a file', () => {
  expect(printable('a\u0007b\u202ec\nd')).toBe('a\u27e8U+0007\u27e9b\u27e8U+202E\u27e9c\u27e8U+000A\u27e9d');
  const model = {
    columns: [{ key: 'a', label: 'a', csv: 'a', definition: 'd' }],
    rows: [{ key: '1', cells: [{ text: '', exact: '=HYPERLINK("x")' }] }],
  };
  expect(tableCsv(model, { title: 't', lines: [] })).toContain(`"'=HYPERLINK(""x"")"`);
});
