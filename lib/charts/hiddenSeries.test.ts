import { expect, it } from 'vitest';
import { allBut, toggled } from './hiddenSeries';

const KEYS = ['a', 'b', 'c'];

it('a click hides a series, and shows it again', () => {
  expect(toggled(new Set(), 'b')).toEqual(['b']);
  expect(toggled(new Set(['a']), 'b')).toEqual(['a', 'b']);
  expect(toggled(new Set(['a', 'b']), 'b')).toEqual(['a']);
});

it('a click with Shift leaves one series, and a second one brings all back', () => {
  expect(allBut(new Set(), 'b', KEYS)).toEqual(['a', 'c']);
  expect(allBut(new Set(['a', 'c']), 'b', KEYS)).toEqual([]);
});

it('a hidden series is shown alone although the others are hidden too', () => {
  expect(allBut(new Set(KEYS), 'b', KEYS)).toEqual(['a', 'c']);
});
