import { describe, expect, it } from 'vitest';
import { categoryColors, categoryScale, keptColors, otherColor, plainColor } from './categories';
import { contrast, distance } from './color';
import { ground, networkTypeColors } from './palette';
import { seen, sights } from './testing/sights';

const themes = ['light', 'dark'] as const;

describe('the scale of open sets', () => {
  it.each(themes)('stands 3 : 1 against page and surface (%s)', (theme) => {
    for (const color of [...categoryScale, otherColor, plainColor]) {
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

describe('the plain color', () => {
  it.each(themes)('is told from Other and from network types in every sight (%s)', (theme) => {
    for (const [name, rows] of Object.entries(sights)) {
      for (const color of [otherColor, ...Object.values(networkTypeColors)]) {
        const apart = distance(seen(plainColor[theme], rows), seen(color[theme], rows));
        expect(apart, `${color[theme]}, ${name}`).toBeGreaterThanOrEqual(0.06);
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
