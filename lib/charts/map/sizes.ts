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

/** Three round values and the radii their circles have, greatest first: areas follow values. */
export function sizeSteps(most: number, quantity: Quantity): { text: string; radius: number }[] {
  if (!(most > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(most));
  const round = ([5, 2, 1].find((step) => step * power <= most) ?? 1) * power;
  return [round, round / 5, round / 25].map((value) => ({
    text: formatValue(value, quantity),
    radius: Math.sqrt(value / most),
  }));
}
