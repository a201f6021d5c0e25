/** UTC days as ClickHouse's Date holds them: days since 1970-01-01, from 0 to 65,535 (2149-06-06). */
export const FIRST_DAY = 0;
export const LAST_DAY = 65_535;

const DAY_MS = 86_400_000;
const FORM = /^\d{4}-\d{2}-\d{2}$/;

/** Number of a day written YYYY-MM-DD; null where the text is no day that ClickHouse's Date can hold. */
export function parseDay(text: string): number | null {
  if (!FORM.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // Date.parse rolls 31 February over to March in some engines: the round trip decides.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return null;
  const day = ms / DAY_MS;
  return day < FIRST_DAY || day > LAST_DAY ? null : day;
}

/** The day as YYYY-MM-DD. */
export function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
