import { formatValue, type Quantity } from '../format';
import type { MapView } from './projections';

/** A map narrower than this, in pixels, has smaller circles. */
export const NARROW = 560;

/** Radius of the greatest circle, in pixels of the page: the whole world has less room around its cities. */
export function greatestRadius(view: MapView, narrow: boolean): number {
  if (view === 'world') return narrow ? 10 : 17;
  return narrow ? 14 : 26;
}

/** Smaller circles could not be seen or pointed at. */
const LEAST_RADIUS = 1.75;

/** Radius in pixels of a circle that is `part` of the greatest one's radius; zero has none. */
export function radiusOf(part: number, greatest: number): number {
  return part <= 0 ? 0 : Math.max(LEAST_RADIUS, part * greatest);
}

/** Width in pixels of the line of an arc that carries `weight` of what the heaviest does; a thinner one could not be seen. */
export function arcWidth(weight: number, narrow: boolean): number {
  return Math.max(0.5, weight * (narrow ? 3.5 : 6));
}

/** Three round volumes and the weights their arcs have, greatest first: widths follow volumes. */
export function arcSteps(most: number, quantity: Quantity): { text: string; weight: number }[] {
  if (!(most > 0)) return [];
  const round = roundBelow(most);
  return [round, round / 2, round / 5].map((value) => ({
    text: roundText(value, quantity),
    weight: value / most,
  }));
}

/** A round value without the zeros of three figures: "20 Pb", "2.5 Gb/s". */
function roundText(value: number, quantity: Quantity): string {
  return formatValue(value, quantity).replace(/\.(\d*?)0+(?=\D|$)/, (_, kept) =>
    kept === '' ? '' : `.${kept}`,
  );
}

/** 1, 2 or 5 times a power of ten, as great as it can be. */
function roundBelow(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return ([5, 2, 1].find((step) => step * power <= most) ?? 1) * power;
}

/** Three round values and the radii their circles have, greatest first: areas follow values. */
export function sizeSteps(most: number, quantity: Quantity): { text: string; radius: number }[] {
  if (!(most > 0)) return [];
  const round = roundBelow(most);
  return [round, round / 5, round / 25].map((value) => ({
    text: roundText(value, quantity),
    radius: Math.sqrt(value / most),
  }));
}
