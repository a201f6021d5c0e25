import { describe, expect, it } from 'vitest';
import { categoryColors, categoryScale, keptColors, otherColor } from './categories';
import { contrast, distance, linearFromHex, type Rgb } from './color';
import { ground } from './palette';

const themes = ['light', 'dark'] as const;

/** Machado, Oliveira and Fernandes 2009, severity 1.0, upon linear sRGB; the first is plain sight. */
const sights: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  'plain sight': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(hex: string, rows: readonly [Rgb, Rgb, Rgb]): Rgb {
  const rgb = linearFromHex(hex);
  const row = (r: Rgb): number => Math.min(1, Math.max(0, r[0] * rgb[0] + r[1] * rgb[1] + r[2] * rgb[2]));
  return [row(rows[0]), row(rows[1]), row(rows[2])];
}

describe('the scale of open sets', () => {
  it.each(themes)('stands 3 : 1 against page and surface (%s)', (theme) => {
    for (const color of [...categoryScale, otherColor]) {
      expect(contrast(color[theme], ground[theme].page), color[theme]).toBeGreaterThanOrEqual(3);
      expect(contrast(color[theme], ground[theme].surface), color[theme]).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(themes)('stays apart from itself and from Other in every sight (%s)', (theme) => {
    const colors = [...categoryScale, otherColor].map((color) => color[theme]);
    for (const [name, rows] of Object.entries(sights)) {
      for (const [i, one] of colors.entries()) {
        for (const other of colors.slice(i + 1)) {
          expect(
            distance(seen(one, rows), seen(other, rows)),
            `${one}, ${other}, ${name}`,
          ).toBeGreaterThanOrEqual(0.06);
        }
      }
    }
  });
});

describe('colors of keys', () => {
  it('do not depend on the order in which keys come', () => {
    const one = categoryColors(['US-West', 'CA-East', 'EU-Central']);
    const other = categoryColors(['EU-Central', 'US-West', 'CA-East', 'US-West']);
    expect([...one.entries()].sort()).toEqual([...other.entries()].sort());
    expect(new Set([...one.values()].map(({ light }) => light)).size).toBe(3);
  });

  it('begin anew when there are more keys than colors', () => {
    const keys = Array.from({ length: 11 }, (_, i) => `k${String(i).padStart(2, '0')}`);
    const colors = categoryColors(keys);
    expect(colors.get('k10')).toEqual(colors.get('k00'));
    expect(new Set([...colors.values()].map(({ dark }) => dark)).size).toBe(10);
  });

  it('a key keeps its color while others come and go, and a new one takes a free color', () => {
    const first = keptColors(new Map(), ['a', 'b', 'c']);
    const then = keptColors(first, ['d', 'c', 'a']);
    for (const key of ['a', 'b', 'c']) expect(then.get(key)).toBe(first.get(key));
    expect([then.get('a'), then.get('c')]).not.toContain(then.get('d'));
    expect(new Set([...first.values()].map(({ light }) => light)).size).toBe(3);
  });
});
