import { expect, test } from 'vitest';
import { lagText } from './lagText';

test('what is behind has its unit: bytes of a file, files of a folder', () => {
  const at = (behind: number, unit: 'bytes' | 'files') => lagText({ behind, unit, lastDataMs: null }, 0);
  expect(at(486, 'bytes')).toBe('486 bytes behind');
  expect(at(1_234_567, 'bytes')).toBe('1,234,567 bytes behind');
  expect(at(1, 'bytes')).toBe('1 byte behind');
  expect(at(3, 'files')).toBe('3 files behind');
  expect(at(1, 'files')).toBe('1 file behind');
});

test('nothing behind says since when', () => {
  expect(lagText({ behind: 0, unit: 'files', lastDataMs: null }, 9_000)).toBe('nothing yet');
  expect(lagText({ behind: 0, unit: 'bytes', lastDataMs: 4_000 }, 9_000)).toBe(
    'up to date, last data 5 s ago',
  );
});
