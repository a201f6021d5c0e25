import type { CoverageCalendarRows } from '@/lib/flows/contracts/coverageCalendar';
import { wallClockAt } from '@/lib/flows/timeZone';
import { shareCell } from './countCell';
import { formatDuration, formatShare } from './format';
import { plain, type TableModel } from './tableModel';
import { dayText, instantText, weekday } from './timeText';

export interface CalendarCell {
  readonly from: number;
  readonly to: number;
  /** covered / expected, 0 to 1; null = nothing expected: drawn hatched */
  readonly share: number | null;
  /** five steps, so that full and nearly full differ: 0 = nothing came, 4 = everything */
  readonly step: 0 | 1 | 2 | 3 | 4;
  /** inside the range that was asked */
  readonly inRange: boolean;
  readonly text: string;
}

export interface CalendarModel {
  readonly days: readonly {
    readonly from: number;
    readonly day: string;
    /** named where a month begins, and at the first column */
    readonly month: string;
  }[];
  readonly rows: readonly {
    readonly key: string;
    readonly name: string;
    readonly share: number | null;
    readonly cells: readonly CalendarCell[];
  }[];
}

/** Days by exporter, all together first. */
export function prepareCalendar(rows: CoverageCalendarRows, zone: string): CalendarModel {
  const ends = rows.days.map((_, i) => rows.days[i + 1] ?? rows.end);
  const clocks = rows.days.map((start) => wallClockAt(start, zone));
  return {
    days: rows.days.map((from, i) => {
      const clock = clocks[i];
      const isFirst = i === 0 || clock?.month !== clocks[i - 1]?.month;
      return {
        from,
        day: String(clock?.day ?? ''),
        month: isFirst ? (dayText(from, zone).split(' ')[0] ?? '') : '',
      };
    }),
    rows: [rows.total, ...[...rows.exporters].sort((a, b) => (a.name < b.name ? -1 : 1))].map(
      ({ exporter, name, expectedSeconds, coveredSeconds }) => {
        const cells = rows.days.map((from, i): CalendarCell => {
          const to = ends[i] ?? rows.end;
          const expected = expectedSeconds[i] ?? 0;
          const covered = coveredSeconds[i] ?? 0;
          const share = expected === 0 ? null : covered / expected;
          const inRange = from < rows.asked.to && to > rows.asked.from;
          const clock = clocks[i];
          const when = `${clock === undefined ? '' : `${weekday(clock)} `}${dayText(from, zone)}`;
          return {
            from,
            to,
            share,
            step: stepOf(share),
            inRange,
            text: `${name}, ${when}: ${
              share === null
                ? 'nothing expected'
                : `${formatShare(share)} covered${covered < expected ? `, ${formatDuration(expected - covered)} missing` : ''}`
            }`,
          };
        });
        const sum = (values: readonly number[]) =>
          values.reduce((total, value, i) => total + (cells[i]?.inRange ? value : 0), 0);
        const expected = sum(expectedSeconds);
        return {
          key: exporter,
          name,
          share: expected === 0 ? null : sum(coveredSeconds) / expected,
          cells,
        };
      },
    ),
  };
}

function stepOf(share: number | null): CalendarCell['step'] {
  if (share === null || share === 0) return 0;
  if (share === 1) return 4;
  if (share >= 0.98) return 3;
  return share >= 0.5 ? 2 : 1;
}

/** What the steps mean, for the legend. */
export const CALENDAR_STEPS = [
  'nothing came',
  'under 50 %',
  '50 to 98 %',
  '98 % and more',
  'all of it',
] as const;

/** One line an exporter and day. */
export function calendarTable(model: CalendarModel, zone: string): TableModel {
  return {
    columns: [
      {
        key: 'name',
        label: 'Exporter',
        csv: 'exporter',
        definition: 'all = every expected exporter together',
      },
      {
        key: 'day',
        label: `Day (${zone})`,
        csv: 'day_start_utc',
        definition: 'start of the day in the zone',
      },
      {
        key: 'share',
        label: 'Covered',
        align: 'right',
        csv: 'coverage_share',
        definition:
          'covered / expected five-minute slots before the watermark, 0 to 1; empty = nothing expected',
      },
    ],
    rows: model.rows.flatMap(({ key, name, cells }) =>
      cells
        .map(({ from, share }) => ({
          key: `${key} ${from}`,
          cells: [
            plain(name),
            { text: instantText(from, zone), exact: new Date(from * 1000).toISOString() },
            share === null ? { ...shareCell(null), text: 'nothing expected' } : shareCell(share),
          ],
        }))
        .reverse(),
    ),
  };
}
