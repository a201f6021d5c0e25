import type { TimeRange } from './presets';

/** What a thing's network type is from one day to another. Days are days since 1970-01-01 UTC, both included. */
export interface TypePeriod {
  /** `AS64501`, `198.51.100.0/24`, `edge1 interface 7` */
  subject: string;
  from: number;
  to: number;
  /** empty = none of its own */
  type: string;
}

/** A day from whose start on, UTC, a thing has another network type. */
export interface TypeChange {
  subject: string;
  day: number;
  /** null = none of its own */
  before: string | null;
  type: string | null;
}

const DAY = 86_400;

/** The last day that a period can name: it goes on for ever. */
const LAST_DAY = 65_535;

/** The changes that periods come to, by day. Of one subject, periods do not overlap. */
export function typeChangesOf(periods: readonly TypePeriod[]): TypeChange[] {
  const bySubject = new Map<string, TypePeriod[]>();
  for (const period of periods) {
    bySubject.set(period.subject, [...(bySubject.get(period.subject) ?? []), period]);
  }
  const changes: TypeChange[] = [];
  for (const [subject, own] of bySubject) {
    const typeOn = (day: number) => own.find(({ from, to }) => from <= day && day <= to)?.type || null;
    const edges = own.flatMap(({ from, to }) => [from, to + 1]).filter((day) => day > 0 && day <= LAST_DAY);
    for (const day of new Set(edges)) {
      const before = typeOn(day - 1);
      const type = typeOn(day);
      if (before !== type) changes.push({ subject, day, before, type });
    }
  }
  return changes.sort((a, b) => a.day - b.day || (a.subject < b.subject ? -1 : 1));
}

/** Those that fall inside a range: something of it lies on both sides. */
export function typeChangesIn(changes: readonly TypeChange[], range: TimeRange): TypeChange[] {
  return changes.filter(({ day }) => range.from < day * DAY && day * DAY < range.to);
}

/** `AS64501 is CDN from 2026-11-20 on (ISP Regional before)` */
export function typeChangeText({ subject, day, before, type }: TypeChange): string {
  const is = type === null ? 'has no type of its own' : `is ${type}`;
  const was = before === null ? 'no type of its own before' : `${before} before`;
  return `${subject} ${is} from ${dayName(day)} on (${was})`;
}

/**
 * Which versions of the taxonomy typed what is stored of some days.
 * @param found days since 1970-01-01 UTC with the versions of their records; none where no raw flows of a day are kept
 */
export function typedByText(
  found: readonly { day: number; versions: readonly number[] }[],
  loaded: number,
): string {
  const told = found.filter(({ versions }) => versions.length > 0);
  if (told.length === 0)
    return `Of these days no raw flows are kept; taxonomy version ${loaded} is loaded now.`;
  if (told.every(({ versions }) => versions.every((version) => version === loaded)))
    return `The taxonomy that is loaded now typed them (version ${loaded}).`;
  const days = told.map(({ day, versions }) => `${dayName(day)} by version ${versions.join(' and ')}`);
  return `Days and the version that typed them: ${days.join(', ')}; taxonomy version ${loaded} is loaded now.`;
}

/** `2026-11-20` */
export function dayName(day: number): string {
  return new Date(day * DAY * 1000).toISOString().slice(0, 10);
}
