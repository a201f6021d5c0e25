import type { Direction } from './direction';
import { type Filters, NO_FILTERS } from './filter/filter';
import { previousPeriod, type RangePreset, resolvePreset, type TimeRange } from './presets';

/** What a person asked for: a preset that moves with the clock, or two instants (epoch seconds, half-open). */
export type RangeChoice =
  | { kind: 'preset'; preset: RangePreset }
  | { kind: 'absolute'; from: number; to: number };

export const COMPARE_CHOICES = ['previous', 'last-quarter', 'none'] as const;

/** What a range is held against: a period that goes along with it, or one of equal length that begins at `from` (epoch seconds). */
export type CompareChoice = (typeof COMPARE_CHOICES)[number] | { from: number };

/** Time range, zone, filters and comparison: one object for every page and every question; `urlState.ts` writes and reads it. */
export interface Scope {
  range: RangeChoice;
  /** IANA name */
  zone: string;
  direction: Direction;
  filters: Filters;
  compare: CompareChoice;
}

export const DEFAULT_SCOPE: Scope = {
  range: { kind: 'preset', preset: '24h' },
  zone: 'UTC',
  direction: 'both',
  filters: NO_FILTERS,
  compare: 'previous',
};

/** The instants the scope means at `now` (epoch seconds). */
export function resolveRange(scope: Pick<Scope, 'range' | 'zone'>, now: number): TimeRange {
  return scope.range.kind === 'absolute'
    ? { from: scope.range.from, to: scope.range.to }
    : resolvePreset(scope.range.preset, now, scope.zone);
}

const DAY = 86_400;

/** The range to compare with, or null; rates are compared, as ranges of months may differ in length. `last-quarter` is the same range 13 weeks earlier, so that weekdays meet weekdays. */
export function compareRange(range: TimeRange, compare: CompareChoice, zone: string): TimeRange | null {
  if (compare === 'none') return null;
  if (typeof compare === 'object') return { from: compare.from, to: compare.from + range.to - range.from };
  if (compare === 'last-quarter') return { from: range.from - 91 * DAY, to: range.to - 91 * DAY };
  return previousPeriod(range, zone);
}

/** The same scope one whole range earlier (-1) or later (+1), as an absolute range. */
export function stepRange(range: TimeRange, steps: number): RangeChoice {
  const length = range.to - range.from;
  return { kind: 'absolute', from: range.from + steps * length, to: range.to + steps * length };
}
