import { isCalendarPart } from './calendarParts';
import type { GroupAxis } from './contracts/exploreGroups';
import { narrowTo } from './filter/edit';
import type { TimeRange } from './presets';
import type { Scope } from './scope';
import { instantOf } from './timeZone';

/** A key of an axis that a cell belongs to. */
export interface AxisKey {
  by: GroupAxis;
  key: string;
}

/**
 * What a scope becomes when a cell is chosen: its dimensions are narrowed to their keys, its month, week, day or hour of a day becomes the range.
 * null where nothing would be narrowed: an hour of every day is no range.
 * @param range the range that the cell is of; the new one never reaches beyond it
 */
export function narrowScope(scope: Scope, range: TimeRange, keys: readonly AxisKey[]): Partial<Scope> | null {
  const within = calendarRange(keys, scope.zone);
  const dimensions = keys.flatMap(({ by, key }) => (isCalendarPart(by) ? [] : [{ by, key }]));
  if (within === null && dimensions.length === 0) return null;
  const filters = dimensions.reduce(
    (narrowed, { by, key }) =>
      by === 'interface'
        ? narrowTo(
            narrowTo(narrowed, 'exporter', key.split(' ')[0] ?? ''),
            'interface',
            key.split(' ')[1] ?? '',
          )
        : narrowTo(narrowed, by, key),
    scope.filters,
  );
  if (within === null) return { filters };
  const from = Math.max(within.from, range.from);
  const to = Math.min(within.to, range.to);
  return from < to ? { filters, range: { kind: 'absolute', from, to } } : { filters };
}

function calendarRange(keys: readonly AxisKey[], zone: string): TimeRange | null {
  const of = (by: GroupAxis) => keys.find((each) => each.by === by)?.key;
  const midnight = (year: number, month: number, day: number, hour = 0) =>
    instantOf({ year, month, day, hour, minute: 0, second: 0 }, zone);
  const month = of('month');
  if (month !== undefined) {
    const [year = 0, number = 1] = month.split('-').map(Number);
    return { from: midnight(year, number, 1), to: midnight(year, number + 1, 1) };
  }
  const week = of('week');
  const day = of('day') ?? week;
  if (day === undefined) return null;
  const [year = 0, number = 1, date = 1] = day.split('-').map(Number);
  const hour = of('hour');
  if (hour !== undefined && week === undefined) {
    const start = midnight(year, number, date, Number(hour));
    return { from: start, to: start + 3_600 };
  }
  return {
    from: midnight(year, number, date),
    to: midnight(year, number, date + (week === undefined ? 1 : 7)),
  };
}
