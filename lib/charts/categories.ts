import { networkTypeColors, type Theme } from './palette';

export type ThemeColors = Readonly<Record<Theme, string>>;

/**
 * The ordered scale of open sets (regions, ASNs, metros): each color keeps its hue in both themes, stands 3 : 1 against both grounds,
 * and stays apart from the others under simulated color-vision deficiencies (`categories.test.ts`). The first few are furthest apart.
 */
export const categoryScale: readonly ThemeColors[] = [
  { light: '#1a95d8', dark: '#78dcff' },
  { light: '#a75600', dark: '#ee9b52' },
  { light: '#1d8350', dark: '#70c792' },
  { light: '#7e479c', dark: '#c08be1' },
  { light: '#a68a00', dark: '#ebd062' },
  { light: '#6e2000', dark: '#a55800' },
  { light: '#2d6359', dark: '#6b9e93' },
  { light: '#916d88', dark: '#d6b0cc' },
  { light: '#602a7d', dark: '#a16dc0' },
  { light: '#8b3e09', dark: '#ca7b51' },
];

/** The same color outside a canvas: the stylesheet's color scheme picks the side. */
export function cssColor({ light, dark }: ThemeColors): string {
  return `light-dark(${light}, ${dark})`;
}

/** What is left over: the rest beside the keys that are named. */
export const otherColor: ThemeColors = networkTypeColors.Unclassified;

/** Keys beside a set that has colors: no hue of their own, and not to be taken for what is left over. */
export const plainColor: ThemeColors = { light: '#3c444c', dark: '#dde2e7' };

/**
 * A color for each key of an open set. Colors follow the order of the keys' own text, so a key keeps its color while the values
 * (and with them the order of drawing) change. Beyond ten keys the scale begins anew.
 */
export function categoryColors(keys: Iterable<string>): ReadonlyMap<string, ThemeColors> {
  const sorted = [...new Set(keys)].sort();
  return new Map(sorted.map((key, i) => [key, categoryScale[i % categoryScale.length] ?? otherColor]));
}

/**
 * Colors for the keys of an answer that keep those which a page has given already: a key never changes its color while a person looks,
 * whatever else comes and goes. A new key takes the color that is least used among the keys of this answer, in the order of the scale.
 * @param keys heaviest first
 */
export function keptColors(
  before: ReadonlyMap<string, ThemeColors>,
  keys: readonly string[],
): ReadonlyMap<string, ThemeColors> {
  const colors = new Map(before);
  const uses = new Map(categoryScale.map((color) => [color, 0]));
  const use = (color: ThemeColors) => uses.set(color, (uses.get(color) ?? 0) + 1);
  for (const key of keys) {
    const own = colors.get(key);
    if (own) use(own);
  }
  for (const key of keys) {
    if (colors.has(key)) continue;
    const fewest = Math.min(...categoryScale.map((color) => uses.get(color) ?? 0));
    const next = categoryScale.find((color) => uses.get(color) === fewest) ?? otherColor;
    colors.set(key, next);
    use(next);
  }
  return colors;
}
