import { expect, test } from 'vitest';
import { returnPath } from './returnPath';

test.each(['/', '/explore', '/explore?range=7d&zone=Asia%2FKathmandu#legend'])(
  'a path of this site is kept: %s',
  (path) => {
    expect(returnPath(path)).toBe(path);
  },
);

test.each([
  'https://evil.example/',
  '//evil.example/x',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  'explore',
  '',
  null,
  undefined,
  '/login?callbackUrl=/x',
])('anything else leads to the start page: %s', (path) => {
  expect(returnPath(path)).toBe('/');
});
