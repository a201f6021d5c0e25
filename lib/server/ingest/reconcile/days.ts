/** First instant (ms) of a UTC day (YYYYMMDD) or month (YYYYMM). */
export function startOf(unit: number): number {
  return unit < 1_000_000
    ? Date.UTC(Math.floor(unit / 100), (unit % 100) - 1)
    : Date.UTC(Math.floor(unit / 10_000), (Math.floor(unit / 100) % 100) - 1, unit % 100);
}

/** First instant (ms) after a UTC day or month. */
export function endOf(unit: number): number {
  return unit < 1_000_000 ? Date.UTC(Math.floor(unit / 100), unit % 100) : startOf(unit) + 86_400_000;
}

/** Half-open range (ms) that holds all units. */
export function rangeOf(units: number[]): [number, number] {
  if (units.length === 0) return [0, 0];
  return [startOf(Math.min(...units)), endOf(Math.max(...units))];
}

/** Months (YYYYMM) of days (YYYYMMDD). */
export function monthsOf(days: number[]): number[] {
  return [...new Set(days.map((day) => Math.floor(day / 100)))];
}
