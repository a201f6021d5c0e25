/** Start of the UTC month that holds an instant; epoch seconds. */
export function startOfMonth(t: number): number {
  const date = new Date(t * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / 1000;
}

/** Start of the UTC month after the one that holds an instant; epoch seconds. */
export function nextMonth(t: number): number {
  const date = new Date(t * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / 1000;
}
