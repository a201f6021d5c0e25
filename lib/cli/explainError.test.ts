import { expect, test } from 'vitest';
import { explainError } from './explainError';

test('a database that was never set up is said with the command that sets it up', () => {
  const missing = Object.assign(new Error('Database weir does not exist.'), {
    code: '81',
    type: 'UNKNOWN_DATABASE',
  });
  expect(explainError(missing)).toMatch(/does not exist\.\n.*run npm run migrate/);
  expect(explainError(new Error('Database weir does not exist.', { cause: missing }))).toMatch(
    /npm run migrate/,
  );
  expect(explainError('Code: 60. DB::Exception: Unknown table')).toMatch(/npm run migrate/);
});

test('any other error is told as it is', () => {
  expect(explainError(new Error('disk full'))).toBe('disk full');
  expect(explainError('text')).toBe('text');
});
