import { expect, test } from 'vitest';
import { progressText } from './progressText';

test('what was read of what there is to read, never more than that', () => {
  expect(progressText({ rowsRead: 12_345_678, rowsToRead: 80_000_000 })).toBe(
    'read 12.3\u2009M of 80.0\u2009M records',
  );
  expect(progressText({ rowsRead: 9, rowsToRead: 5 })).toBe('read 5 of 5 records');
});
