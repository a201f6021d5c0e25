import { describe, expect, it } from 'vitest';
import { keyName, press, SHORTCUTS } from './shortcuts';

describe('shortcuts', () => {
  it('are told apart by their keys', () => {
    const all = SHORTCUTS.flatMap(({ keys }) => keys.map((each) => each.join(' ')));
    expect(new Set(all).size).toBe(all.length);
    // No shortcut is the beginning of another: it would never be reached.
    for (const one of all) expect(all.filter((other) => other.startsWith(`${one} `))).toEqual([]);
  });

  it('of one key act at once', () => {
    expect(press([], '[')).toEqual({ pending: [], id: 'earlier' });
    expect(press([], 'Mod+k')).toEqual({ pending: [], id: 'find' });
  });

  it('of two keys wait for the second', () => {
    const first = press([], 'g');
    expect(first).toEqual({ pending: ['g'], id: null });
    expect(press(first.pending, 'd')).toEqual({ pending: [], id: 'go /data' });
  });

  it('a key that continues nothing begins anew', () => {
    expect(press(['g'], 'r')).toEqual({ pending: [], id: 'refresh' });
    expect(press(['g'], 'g')).toEqual({ pending: ['g'], id: null });
    expect(press([], 'x')).toEqual({ pending: [], id: null });
  });

  it('are printed as on the keys', () => {
    expect([
      keyName('Mod+k', true),
      keyName('Mod+k', false),
      keyName('ArrowLeft', true),
      keyName('g', true),
    ]).toEqual(['\u2318K', 'Ctrl K', '\u2190', 'g']);
  });
});
