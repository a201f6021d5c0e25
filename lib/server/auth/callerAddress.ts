import 'server-only';

/**
 * Network address of the caller, for limiting tries to sign in. Next.js itself writes the socket's address into
 * `x-forwarded-for` where no proxy did; behind proxies the last entry is the one that the nearest proxy saw, while those
 * before it can be made up.
 */
export function callerAddress(headers: Record<string, string | string[] | undefined>): string {
  const value = headers['x-forwarded-for'];
  const entries = (Array.isArray(value) ? value.join(',') : (value ?? ''))
    .split(',')
    .map((entry) => entry.trim());
  return (entries.at(-1) || 'unknown').slice(0, 64);
}
