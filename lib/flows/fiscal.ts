import type { TimeRange } from './presets';

/** A quarter of a fiscal year. The year is named by the calendar year in which it ends. */
export interface FiscalQuarter {
  year: number;
  /** 1 to 4 */
  quarter: number;
}

const MONTHS_OF_YEAR = 12;

/** Months since year 0 at which the fiscal year begins that is named `year`. */
function firstMonthOf(year: number, startMonth: number): number {
  return (startMonth === 1 ? year : year - 1) * MONTHS_OF_YEAR + startMonth - 1;
}

function monthStart(months: number): number {
  return Date.UTC(Math.floor(months / MONTHS_OF_YEAR), months % MONTHS_OF_YEAR) / 1000;
}

/**
 * The instants of a fiscal quarter [from, to), always in UTC.
 * @param startMonth the month in which fiscal years begin, 1 to 12
 */
export function fiscalQuarterRange({ year, quarter }: FiscalQuarter, startMonth: number): TimeRange {
  const first = firstMonthOf(year, startMonth) + (quarter - 1) * 3;
  return { from: monthStart(first), to: monthStart(first + 3) };
}

/** The fiscal quarter that holds an instant. */
export function fiscalQuarterAt(instant: number, startMonth: number): FiscalQuarter {
  const date = new Date(instant * 1000);
  const months = date.getUTCFullYear() * MONTHS_OF_YEAR + date.getUTCMonth();
  const year = date.getUTCFullYear() + (startMonth > 1 && date.getUTCMonth() + 1 >= startMonth ? 1 : 0);
  return { year, quarter: Math.floor((months - firstMonthOf(year, startMonth)) / 3) + 1 };
}

/** The quarter of the fiscal year that a range is, or null. */
export function asFiscalQuarter(range: TimeRange, startMonth: number): FiscalQuarter | null {
  const quarter = fiscalQuarterAt(range.from, startMonth);
  const whole = fiscalQuarterRange(quarter, startMonth);
  return whole.from === range.from && whole.to === range.to ? quarter : null;
}

/** The fiscal quarter so many quarters later; earlier where negative. */
export function fiscalQuarterAfter({ year, quarter }: FiscalQuarter, quarters: number): FiscalQuarter {
  const at = year * 4 + quarter - 1 + quarters;
  return { year: Math.floor(at / 4), quarter: (((at % 4) + 4) % 4) + 1 };
}

/** "FY26 Q1" */
export function fiscalQuarterName({ year, quarter }: FiscalQuarter): string {
  return `FY${String(year % 100).padStart(2, '0')} Q${quarter}`;
}
