import { divergingColor } from './divergingColor';
import { formatValue, THIN_SPACE } from './format';
import { rampColor, type Theme } from './palette';
import type { GroupHeatmapModel } from './prepareGroupHeatmap';

/** The scale of a heatmap's colors: what its ends mean, and how it runs between them. */
export interface HeatRamp {
  readonly least: string;
  readonly most: string;
  /** "linear", "log", "by rank", "change" */
  readonly words: string;
  colors(theme: Theme): string[];
}

const STOPS = 11;

/** The ramp of a heatmap; null where there is nothing to scale: no value, or one. */
export function heatRamp(model: GroupHeatmapModel): HeatRamp | null {
  const { ends, isDelta, scale, quantity } = model;
  if (!ends || ends.least === ends.most) return null;
  const stops = (color: (part: number) => string) =>
    Array.from({ length: STOPS }, (_, i) => color(i / (STOPS - 1)));
  if (isDelta) {
    return {
      least: `${percent(ends.least)} and less`,
      most: `${percent(ends.most)} and more`,
      words: 'change',
      colors: (theme) => stops((part) => divergingColor(2 * part - 1, theme)),
    };
  }
  return {
    least: scale === 'linear' ? '0' : formatValue(ends.least, quantity),
    most: formatValue(ends.most, quantity),
    words: scale === 'rank' ? 'by rank' : scale,
    colors: (theme) => stops((part) => rampColor(part, theme)),
  };
}

function percent(factor: number): string {
  return `${factor >= 1 ? '+' : '\u2212'}${Math.abs((factor - 1) * 100).toFixed(0)}${THIN_SPACE}%`;
}
