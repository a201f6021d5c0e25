import { type NextRequest, NextResponse } from 'next/server';

/**
 * Sends people without a session cookie to the sign-in page, so that they do not see an empty frame first. Only a
 * courtesy: whether the cookie is worth anything is decided by requirePrincipal() in every page and route.
 */
export function proxy(request: NextRequest): NextResponse {
  if (request.cookies.getAll().some(({ name }) => sessionCookie.test(name))) return NextResponse.next();
  const { pathname, search } = request.nextUrl;
  const login = new URL('/login', request.url);
  if (pathname !== '/' || search !== '') login.searchParams.set('callbackUrl', `${pathname}${search}`);
  return NextResponse.redirect(login);
}

/** Over https the name has a prefix; a long one is cut into numbered pieces. */
const sessionCookie = /^(__Secure-)?next-auth\.session-token(\.\d+)?$/;

export const config = {
  // Routes answer 401 themselves; the sign-in page, files and Next's own paths are open.
  matcher: ['/((?!api/|login|_next/|.*\\.[a-z0-9]+$).*)'],
};
