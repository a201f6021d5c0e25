import { expect, test } from 'vitest';
import { DEFAULT_SCOPE } from '../scope';
import { addressOf } from './address';

const question = { path: '/api/flows/headline' };
const AT = Date.parse('2026-11-22T19:20:00Z') / 1000;

test('an address holds scope, options and the clock of the page', () => {
  expect(addressOf(question, DEFAULT_SCOPE)).toBe('/api/flows/headline');
  expect(addressOf(question, { ...DEFAULT_SCOPE, zone: 'Asia/Kathmandu' }, { mirror: '1' }, AT)).toBe(
    '/api/flows/headline?zone=Asia%2FKathmandu&mirror=1&at=2026-11-22T19%3A20%3A00Z',
  );
});

test('two instants mean the same by any clock', () => {
  const range = { kind: 'absolute', from: 0, to: 300 } as const;
  expect(addressOf(question, { ...DEFAULT_SCOPE, range }, {}, AT)).not.toContain('at=');
});
