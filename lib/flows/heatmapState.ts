import { createParser, parseAsStringLiteral } from 'nuqs/server';
import { type Answerability, answerable } from './answerable';
import { isCalendarPart } from './calendarParts';
import type { Dimension } from './dimensions';
import type { Measure } from './measures';

/**
 * The pairs of axes that the page offers, rows first. The names stand in the address. Of types and regions, types are the rows wherever both
 * are drawn: their names are long, and regions are few.
 */
export const HEATMAPS = {
  'region-type': ['type', 'region'],
  'region-metro': ['region', 'metro'],
  'type-country': ['type', 'country'],
  'type-month': ['type', 'month'],
  'region-month': ['region', 'month'],
  'weekday-hour': ['weekday', 'hour'],
  'day-hour': ['day', 'hour'],
} as const;

export type HeatmapName = keyof typeof HEATMAPS;
export const HEATMAP_NAMES = Object.keys(HEATMAPS) as [HeatmapName, ...HeatmapName[]];

/** Measures of a heatmap, as the page names them. */
export const HEATMAP_MEASURES = ['volume', 'traffic', 'p95', 'uniqueness', 'magnitude'] as const;
export type HeatmapMeasure = (typeof HEATMAP_MEASURES)[number];

export const COLOR_SCALES = ['linear', 'log', 'rank'] as const;

export interface HeatmapState {
  heatmap: HeatmapName;
  /** null = the three measures of the reports side by side, where the axes are region and type */
  measure: HeatmapMeasure | null;
  /** auto = as the values ask for: no link says otherwise */
  scale: (typeof COLOR_SCALES)[number] | 'auto';
  /** changes against the range that is compared */
  delta: boolean;
}

/** The page's keys in the address; they differ from those of every other page. */
export const heatmapParsers = {
  heat: parseAsStringLiteral(HEATMAP_NAMES),
  cell: parseAsStringLiteral(HEATMAP_MEASURES),
  color: parseAsStringLiteral(COLOR_SCALES),
  delta: createParser<'1'>({ parse: (text) => (text === '1' ? '1' : null), serialize: String }),
};

export type HeatmapValues = {
  [Key in keyof typeof heatmapParsers]: NonNullable<ReturnType<(typeof heatmapParsers)[Key]['parse']>> | null;
};

/** The state that URL values mean; missing ones take their default. */
export function heatmapOf(values: HeatmapValues): HeatmapState {
  const heatmap = values.heat ?? 'region-type';
  return {
    heatmap,
    measure: values.cell ?? firstMeasure(heatmap),
    scale: values.color ?? 'auto',
    delta: values.delta === '1' && whyNoChange(heatmap) === null,
  };
}

/** Sums of the hours of a week would say how often each weekday is in the range: rates are compared. */
function firstMeasure(heatmap: HeatmapName): HeatmapMeasure | null {
  if (heatmap === 'region-type') return null;
  return heatmap === 'weekday-hour' || heatmap === 'day-hour' ? 'traffic' : 'volume';
}

/** Why cells cannot show a change; null where they can. Two ranges share no day and no month. */
export function whyNoChange(heatmap: HeatmapName): string | null {
  const dated = HEATMAPS[heatmap].find((axis) => axis === 'day' || axis === 'month');
  return dated === undefined
    ? null
    : `Two ranges have no ${dated} in common: narrow the range to one ${dated} and take another pair of axes`;
}

/** Whether a measure can be had by the axes of a heatmap, for a control that is greyed with the reason. */
export function answerableHeatmap(heatmap: HeatmapName, measure: HeatmapMeasure): Answerability {
  const dimensions = HEATMAPS[heatmap].filter(
    (axis): axis is Dimension & typeof axis => !isCalendarPart(axis),
  );
  return answerable(measure satisfies Measure, dimensions);
}
