/**
 * Where to go after signing in: the path that was asked for, or `/`. Only a path of this site is taken, so that a link
 * to the sign-in page cannot send people elsewhere.
 */
export function returnPath(wanted: string | null | undefined): string {
  if (!wanted?.startsWith('/')) return '/';
  const base = 'http://weir.invalid';
  // The URL parser turns "/\evil" and "//evil" into another host, as browsers do.
  if (!URL.canParse(wanted, base)) return '/';
  const url = new URL(wanted, base);
  if (url.origin !== base || url.pathname === '/login') return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
