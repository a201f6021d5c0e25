import { resolveRange, type Scope } from '../scope';
import { printInstant, printScope } from '../urlState';

/** The key of the instant that a page asks about; never part of a page's own address. */
export const AT = 'at';

/**
 * The address of a question about a scope: path and canonical query string. It holds every input, so it is also the key under
 * which an answer is cached.
 * @param at the page's clock, epoch seconds: presets are meant as of it, so that all panels ask about the same instants. Two
 *   instants need none.
 */
export function addressOf(
  { path }: { path: string },
  scope: Scope,
  options: Readonly<Record<string, string | undefined>> = {},
  at: number | null = null,
): string {
  const search = new URLSearchParams(printScope(scope));
  for (const key of Object.keys(options).sort()) {
    const value = options[key];
    if (value !== undefined) search.set(key, value);
  }
  if (at !== null && scope.range.kind === 'preset') search.set(AT, printInstant(at));
  const query = search.toString();
  return query === '' ? path : `${path}?${query}`;
}

/** A page's clock may be ahead of the server's by so many seconds, and as old as a page that was left open for a day. */
const MOST_AHEAD_SECONDS = 60;
const MOST_BEHIND_SECONDS = 86_400;

/**
 * The scope with its preset turned into the instants that it meant on the page's clock. A clock that is wrong or was left behind is
 * not believed: then the preset stays, and means what it means to the server.
 */
export function asOf(scope: Scope, at: number | null, now: number): Scope {
  if (at === null || scope.range.kind !== 'preset') return scope;
  if (at > now + MOST_AHEAD_SECONDS || at < now - MOST_BEHIND_SECONDS) return scope;
  return { ...scope, range: { kind: 'absolute', ...resolveRange(scope, at) } };
}
