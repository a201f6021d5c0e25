/** Start of the UTC month that holds an instant; epoch seconds. */
export function startOfMonth(t: number): number {
  const date = new Date(t * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
}

/** Start of the third of a UTC month (days 1 to 10, 11 to 20, 21 to the end) that holds an instant; epoch seconds. */
export function startOfThird(t: number): number {
  const date = new Date(t * 1000);
  const third = Math.min(Math.floor((date.getUTCDate() - 1) / 10), 2);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1 + 10 * third) / 1000;
}

/** Start of the third of a UTC month after the one that holds an instant; epoch seconds. */
export function nextThird(t: number): number {
  const start = startOfThird(t);
  return new Date(start * 1000).getUTCDate() === 21 ? nextMonth(t) : start + 10 * 86_400;
}

/** Start of the UTC month after the one that holds an instant; epoch seconds. */
export function nextMonth(t: number): number {
  return afterMonths(t, 1);
}

export const MONTHS_OF_QUARTER = 3;

/** Start of the UTC month so many months after the one that holds an instant; epoch seconds. */
export function afterMonths(t: number, months: number): number {
  const date = new Date(t * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / 1000;
}

/** Start of the UTC quarter that holds a month; quarters begin with `startMonth` (1 to 12) and every third month from it. */
export function quarterOf(month: number, startMonth: number): number {
  const past = (new Date(month * 1000).getUTCMonth() + 1 - startMonth + 12) % MONTHS_OF_QUARTER;
  return afterMonths(month, -past);
}
