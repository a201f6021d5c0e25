import 'server-only';
import { type CalendarPart, isCalendarPart } from '@/lib/flows/calendarParts';
import type { GroupAxis, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import type { Dimension } from '@/lib/flows/dimensions';
import type { TimeRange } from '@/lib/flows/presets';
import type { Sql } from '@/lib/server/clickhouse/sql';
import { calendarKey, calendarPosition, numbersIn } from './calendar';
import { keyDimensions, keysOf, positionAmong } from './keyColumns';
import { NO_GROUPS, type TopGroups } from './topGroups';

/** An axis with its positions: 1 to n are its keys, n + 1 all others. The calendar has no others. */
export type Axis =
  | ({ by: Dimension } & Pick<TopGroups, 'groups' | 'found' | 'isAtLeast' | 'isByLists' | 'isOfMany'>)
  | { by: CalendarPart; numbers: readonly number[] };

/** @param tops the heaviest keys of each axis that is a dimension, in their order */
export function axesOf(
  by: readonly GroupAxis[],
  tops: readonly TopGroups[],
  range: TimeRange,
  zone: string,
): Axis[] {
  let next = 0;
  return by.map((name): Axis => {
    if (isCalendarPart(name)) return { by: name, numbers: numbersIn(name, range, zone) };
    return { by: name, ...(tops[next++] ?? NO_GROUPS) };
  });
}

/** The same keys over another range: parts of the calendar are those of that range, first beside first. */
export function axesOver(axes: readonly Axis[], range: TimeRange, zone: string): Axis[] {
  return axes.map((axis) =>
    'numbers' in axis ? { by: axis.by, numbers: numbersIn(axis.by, range, zone) } : axis,
  );
}

export function lengthOf(axis: Axis): number {
  return 'numbers' in axis ? axis.numbers.length : axis.groups.length;
}

/** Position of a row on an axis, as an expression; rows have `bucket` where the axis is of the calendar. */
export function positionOn(axis: Axis, zone: string): Sql {
  if ('numbers' in axis) return calendarPosition(axis.by, zone, axis.numbers);
  return positionAmong(keyDimensions([axis.by]), axis.groups, axis.groups.length + 1);
}

/** As the contract writes an axis. */
export function writtenAxis(axis: Axis): GroupRows['axes'][number] {
  if ('numbers' in axis) {
    const keys = axis.numbers.map((number) => calendarKey(axis.by, number));
    return { by: axis.by, keys, found: keys.length, foundAtLeast: false };
  }
  const columns = keyDimensions([axis.by]);
  const keys = axis.groups.map((group) => keysOf([axis.by], columns, group)[0] ?? '');
  return { by: axis.by, keys, found: axis.found, foundAtLeast: axis.isAtLeast };
}
