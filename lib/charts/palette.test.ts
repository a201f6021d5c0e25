import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NETWORK_TYPES } from '@/lib/flows/networkTypes';
import { contrast, distance, linearFromHex, oklabFromLinear } from './color';
import { ground, inkOn, networkTypeColor, networkTypeColors, rampColor, type Theme } from './palette';
import { seen, sights } from './testing/sights';

const colors = Object.entries(networkTypeColors);
const themes: Theme[] = ['light', 'dark'];

const deficiencies = Object.fromEntries(Object.entries(sights).filter(([name]) => name !== 'plain sight'));

describe('network type colors', () => {
  it('are given in the order of the stack, Unclassified last and never missing', () => {
    expect(Object.keys(networkTypeColors)).toEqual([
      'ISP Regional',
      'ISP Tier1',
      'CDN',
      'Hosting',
      'Hyperscaler',
      'Neocloud',
      'Migration',
      'Unclassified',
    ]);
    expect(Object.keys(networkTypeColors)).toEqual([...NETWORK_TYPES]);
  });

  it('a type the palette does not know is drawn as unclassified', () => {
    expect(networkTypeColor('Something new', 'light')).toBe('#8a8f97');
  });

  it.each(themes)('stand 3 : 1 or better against page and surface (%s)', (theme) => {
    for (const [key, entry] of colors) {
      expect(contrast(entry[theme], ground[theme].page), key).toBeGreaterThanOrEqual(3);
      expect(contrast(entry[theme], ground[theme].surface), key).toBeGreaterThanOrEqual(3);
    }
  });

  it.each([
    ['light', 0.045],
    ['dark', 0.07],
  ] as const)('stay apart under simulated color-vision deficiencies (%s)', (theme, least) => {
    for (const [name, rows] of Object.entries(deficiencies)) {
      for (const [i, [oneKey, one]] of colors.entries()) {
        for (const [otherKey, other] of colors.slice(i + 1)) {
          const apart = distance(seen(one[theme], rows), seen(other[theme], rows));
          expect(apart, `${oneKey} and ${otherKey} under ${name}`).toBeGreaterThanOrEqual(least);
        }
      }
    }
  });
});

describe('inks', () => {
  it.each(themes)('text and muted text read at 4.5 : 1 on page and surface (%s)', (theme) => {
    for (const ink of [ground[theme].text, ground[theme].muted, ground[theme].accent]) {
      expect(contrast(ink, ground[theme].page)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(ink, ground[theme].surface)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('are the same in the stylesheet', () => {
    const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');
    for (const theme of themes)
      for (const value of Object.values(ground[theme])) expect(css).toContain(value);
  });
});

describe('heatmap ramp', () => {
  it.each(themes)('has even lightness steps in one direction (%s)', (theme) => {
    const lightness = Array.from(
      { length: 11 },
      (_, i) => oklabFromLinear(linearFromHex(rampColor(i / 10, theme)))[0],
    );
    const steps = lightness.slice(1).map((value, i) => value - (lightness[i] ?? 0));
    const sign = theme === 'light' ? -1 : 1;
    for (const step of steps) {
      expect(step * sign).toBeGreaterThan(0.04);
      expect(step * sign).toBeLessThan(0.07);
    }
  });

  it.each(themes)('keeps the lowest value distinct from none (%s)', (theme) => {
    const apart = distance(linearFromHex(rampColor(0, theme)), linearFromHex(ground[theme].surface));
    expect(apart).toBeGreaterThan(0.06);
  });

  it.each(themes)('carries a readable number on every step (%s)', (theme) => {
    for (let i = 0; i <= 20; i += 1) {
      const background = rampColor(i / 20, theme);
      expect(contrast(inkOn(background), background), `step ${i}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});
