import { hexFromOklch } from './color';
import type { Theme } from './palette';

/**
 * Diverging ramp for changes: orange below, blue above, even steps of lightness and chroma away from the middle, which lies near the surface.
 * The two hues stay apart under color-vision deficiencies.
 * @param at -1 (greatest fall) to 1 (greatest rise), 0 = no change
 */
export function divergingColor(at: number, theme: Theme): string {
  const t = Math.min(1, Math.abs(at));
  const hue = at < 0 ? 52 : 258;
  const strength = at < 0 ? 0.13 : 0.14;
  return theme === 'light'
    ? hexFromOklch(0.95 - 0.42 * t, strength * t, hue)
    : hexFromOklch(0.27 + 0.5 * t, strength * t, hue);
}
