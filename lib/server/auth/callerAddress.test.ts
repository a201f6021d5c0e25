import { expect, test } from 'vitest';
import { callerAddress } from './callerAddress';

test.each([
  [{ 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
  [{ 'x-forwarded-for': '10.0.0.1, 203.0.113.9' }, '203.0.113.9'],
  [{ 'x-forwarded-for': ['10.0.0.1', '2001:db8::1'] }, '2001:db8::1'],
  [{}, 'unknown'],
])('the caller is who the nearest proxy saw: %o', (headers, address) => {
  expect(callerAddress(headers)).toBe(address);
});
