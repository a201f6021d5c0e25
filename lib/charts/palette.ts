import { isNetworkType, type NetworkType } from '@/lib/flows/networkTypes';
import { contrast, hexFromOklch } from './color';

export type Theme = 'light' | 'dark';

/** Grounds and inks of both themes; `app/globals.css` holds the same values for everything outside a canvas. */
export const ground = {
  light: {
    page: '#fbfbfa',
    surface: '#ffffff',
    line: '#e6e5e1',
    lineStrong: '#cfcdc7',
    text: '#1a1c1e',
    muted: '#646a72',
    accent: '#2f5fb3',
  },
  dark: {
    page: '#0f1214',
    surface: '#15191c',
    line: '#272c31',
    lineStrong: '#3b4249',
    text: '#e8e9eb',
    muted: '#9aa1a9',
    accent: '#8fb1ff',
  },
} as const satisfies Record<Theme, Record<string, string>>;

/**
 * The fixed color of each network type. Neighbours in the stack differ in lightness as well as in hue; change a value
 * only with a better measurement (`palette.test.ts` holds contrast, order, and distance under simulated color-vision
 * deficiencies).
 */
export const networkTypeColors: Readonly<Record<NetworkType, Readonly<Record<Theme, string>>>> = {
  'ISP Regional': { light: '#2f5fb3', dark: '#5b86f2' },
  'ISP Tier1': { light: '#2f9bd0', dark: '#6fd3f7' },
  CDN: { light: '#c98212', dark: '#f5bd3a' },
  Hosting: { light: '#35702c', dark: '#97d186' },
  Hyperscaler: { light: '#6a2f96', dark: '#bb93ec' },
  Neocloud: { light: '#d43d6e', dark: '#ff6a8c' },
  Migration: { light: '#45281a', dark: '#a8703c' },
  Unclassified: { light: '#8a8f97', dark: '#6d727a' },
};

/** The color of a network type. A type outside the list is drawn as Unclassified: it is exactly that. */
export function networkTypeColor(key: string, theme: Theme): string {
  return networkTypeColors[isNetworkType(key) ? key : 'Unclassified'][theme];
}

/** The same color for elements outside a canvas: the theme's own side is chosen by the stylesheet. */
export function networkTypeCss(key: string): string {
  return `light-dark(${networkTypeColor(key, 'light')}, ${networkTypeColor(key, 'dark')})`;
}

/**
 * Sequential ramp for heatmaps: even steps of OKLab lightness at one hue, light to dark on the light ground and dark to
 * light on the dark one. The lowest step stands clear of the surface, so that "little" never looks like "nothing".
 * @param at 0 (lowest non-zero value) to 1 (highest).
 */
export function rampColor(at: number, theme: Theme): string {
  const t = Math.min(1, Math.max(0, at));
  return theme === 'light'
    ? hexFromOklch(0.93 - 0.53 * t, 0.024 + 0.116 * Math.sin(Math.PI * 0.62 * t), 258)
    : hexFromOklch(0.29 + 0.57 * t, 0.035 + 0.09 * Math.sin(Math.PI * (0.06 + 0.72 * t)), 260 - 6 * t);
}

/** Dark or light ink, whichever reads better upon `background`. */
export function inkOn(background: string): string {
  const dark = '#000000';
  const light = '#ffffff';
  return contrast(dark, background) >= contrast(light, background) ? dark : light;
}
