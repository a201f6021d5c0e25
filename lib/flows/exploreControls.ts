import { answerable } from './answerable';
import { STEP_NAMES } from './buckets';
import type { Dimension } from './dimensions';
import type { Direction } from './direction';
import type { SeriesMeasure } from './exploreLimits';
import { canStack, type ExploreState, type Visual } from './exploreState';
import { dimensionsOf, type Filters } from './filter/filter';
import { countsAddresses } from './measures';

/** What choosing something would mean: it cannot be had, or something is to be known about it; null = neither. */
export interface Reason {
  readonly isRefused: boolean;
  readonly why: string;
}

/** An interface is a number on an exporter, so an answer by it needs both. */
function needed(by: readonly Dimension[], filters: Filters): Dimension[] {
  const wanted = [...by, ...dimensionsOf(filters)].flatMap((dimension): Dimension[] =>
    dimension === 'interface' ? ['exporter', 'interface'] : [dimension],
  );
  return [...new Set(wanted)];
}

/** Whether a measure can be had by dimensions under the filters of the scope, from the matrix of what is kept. */
export function reasonFor(measure: SeriesMeasure, by: readonly Dimension[], filters: Filters): Reason | null {
  const { how, why } = answerable(measure, needed(by, filters));
  if (how === 'none') return { isRefused: true, why: sentence(why) };
  return how === 'raw' ? { isRefused: false, why: sentence(why) } : null;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const GROUPS_ONLY: readonly Visual[] = ['sankey', 'heatmap'];

/** Why a visual cannot be had; null = it can. */
export function whyNotVisual(
  visual: Visual,
  { measure, by }: Pick<ExploreState, 'measure' | 'by'>,
): string | null {
  if ((visual === 'area' || visual === 'share') && !canStack(measure)) {
    return measure === 'uniqueness'
      ? 'One address can be in several groups: distinct addresses are not added up.'
      : 'Bits per address are ratios, which do not add up.';
  }
  if (visual === 'sankey' && by.length < 2) return 'A Sankey diagram needs two or three dimensions.';
  if (visual === 'sankey' && !canStack(measure)) return 'Its bands add up, and this measure does not.';
  if (visual === 'heatmap' && by.length !== 2) return 'A heatmap needs two dimensions.';
  if (visual === 'share' && by.length === 0) return 'Shares need a dimension to divide by.';
  if (visual === 'multiples' && by.length === 0) return 'Small multiples need a dimension.';
  return null;
}

/** Why ingress and egress cannot be drawn apart; null = they can. */
export function whyNotMirror(
  { by, visual }: Pick<ExploreState, 'by' | 'visual'>,
  direction: Direction,
): string | null {
  if (GROUPS_ONLY.includes(visual)) return 'Only pictures over time are mirrored.';
  if (direction !== 'both') return `The scope holds ${direction} alone: choose both directions first.`;
  if (by.includes('direction')) return 'Direction is one of the dimensions already.';
  return null;
}

/** Why there is no line of the 95th percentile; null = there is. */
export function whyNotP95({ measure, visual }: Pick<ExploreState, 'measure' | 'visual'>): string | null {
  if (countsAddresses(measure)) return 'Distinct counts have no 95th percentile.';
  if (visual === 'share' || visual === 'table' || GROUPS_ONLY.includes(visual)) {
    return 'Its line stands in areas, lines and small multiples.';
  }
  return null;
}

/** Why the value axis is not logarithmic; null = it can be. */
export function whyNotLog({
  visual,
  mirror,
  measure,
}: Pick<ExploreState, 'visual' | 'mirror' | 'measure'>): string | null {
  if (visual === 'heatmap') return null;
  const isLines = visual === 'lines' || visual === 'multiples' || (visual !== 'table' && !canStack(measure));
  if (!isLines) return 'Areas begin at zero, which a logarithm has not: choose lines or small multiples.';
  if (mirror) return 'A mirrored axis passes through zero, which a logarithm has not.';
  return null;
}

/** Widths of buckets that can be asked for: distinct addresses are kept by hour, day and month. */
export function stepsFor(measure: SeriesMeasure): readonly (typeof STEP_NAMES)[number][] {
  return countsAddresses(measure) ? ['1h', '1d', '1w', '1mo'] : STEP_NAMES;
}
