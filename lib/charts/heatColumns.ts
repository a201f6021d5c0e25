import { monthOf } from './axisLabel';
import type { GroupHeatmapModel, HeatLine } from './prepareGroupHeatmap';

/** Beyond this many columns cells show color alone; their number stands below and in the table. */
const MOST_NUMBERED = 16;

/** Months have short names: a year and a half of them stands beside one another on a screen of 1440 px, with numbers. */
const MOST_MONTHS = 18;

/** So many months have room for their names and numbers as they are. */
const MOST_WIDE_MONTHS = 12;

/** How columns share the width: numbers with their unit, numbers with the prefix alone, or color alone. */
export type HeatColumns = 'wide' | 'narrow' | 'colors';

export function heatColumns({
  columnAxis,
  columns,
}: Pick<GroupHeatmapModel, 'columnAxis' | 'columns'>): HeatColumns {
  if (columnAxis !== 'month') return columns.length <= MOST_NUMBERED ? 'wide' : 'colors';
  if (columns.length <= MOST_WIDE_MONTHS) return 'wide';
  return columns.length <= MOST_MONTHS ? 'narrow' : 'colors';
}

/** What stands above a narrow column: "Oct", and the year where it begins. */
export interface ShortMonth {
  readonly month: string;
  /** at the first month and at each January */
  readonly year: string | null;
}

/**
 * Short names of months, oldest first.
 * @param isWide whether a year fits above its own column; elsewhere it reaches over the two after it
 */
export function shortMonths(columns: readonly HeatLine[], isWide: boolean): ShortMonth[] {
  const yearOf = (i: number) => columns[i]?.key?.slice(0, 4) ?? null;
  return columns.map(({ key, label }, i) => {
    if (key === null) return { month: label, year: null };
    const begins = yearOf(i) !== yearOf(i - 1);
    const isShort =
      !isWide && [1, 2].some((ahead) => i + ahead < columns.length && yearOf(i + ahead) !== yearOf(i));
    return { month: monthOf(key), year: begins && !isShort ? yearOf(i) : null };
  });
}
