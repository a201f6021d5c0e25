import { describe, expect, it } from 'vitest';
import { signInError } from './signInError';

describe('signInError', () => {
  it.each([
    ['CredentialsSignin', 'E-mail address or password is wrong. Check both and try again.'],
    ['TooManyTries:45', 'Too many tries. Wait 45 seconds, then try again.'],
    ['TooManyTries:600', 'Too many tries. Wait 10 minutes, then try again.'],
  ])('%s is said in words, with what to do', (code, words) => {
    expect(signInError(code)).toBe(words);
  });

  it('anything else names the server and not the person', () => {
    expect(signInError('')).toMatch(/server could not check the password/);
  });
});
