import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import { config, proxy } from '@/proxy';

const ask = (path: string, cookie?: string) =>
  proxy(new NextRequest(`http://weir.test${path}`, cookie === undefined ? {} : { headers: { cookie } }));

test('without a session cookie a page leads to the sign-in page and back', () => {
  expect(ask('/explore?range=7d').headers.get('location')).toBe(
    'http://weir.test/login?callbackUrl=%2Fexplore%3Frange%3D7d',
  );
  expect(ask('/?zone=UTC').headers.get('location')).toBe(
    'http://weir.test/login?callbackUrl=%2F%3Fzone%3DUTC',
  );
  expect(ask('/').headers.get('location')).toBe('http://weir.test/login');
});

test.each(['next-auth.session-token=x', '__Secure-next-auth.session-token=x', 'next-auth.session-token.0=x'])(
  'with a session cookie the page is asked: %s',
  (cookie) => {
    expect(ask('/', cookie).headers.get('location')).toBeNull();
  },
);

test('a cookie whose name only looks alike does not count', () => {
  expect(ask('/', 'my-next-auth.session-token=x').headers.get('location')).not.toBeNull();
});

test('routes, files and the sign-in page are left alone, everything else is not', () => {
  const matcher = new RegExp(`^${config.matcher[0]}$`);
  expect(
    ['/api/flows/headline', '/api/ingest', '/login', '/_next/static/x.js', '/icon.svg'].filter((path) =>
      matcher.test(path),
    ),
  ).toEqual([]);
  expect(['/', '/explore', '/reports/2026-q4', '/apis'].filter((path) => !matcher.test(path))).toEqual([]);
});
