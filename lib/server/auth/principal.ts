import 'server-only';
import { cookies, headers } from 'next/headers';
import { getToken } from 'next-auth/jwt';
import { can, type Permission } from '@/lib/auth/permissions';
import type { Principal } from '@/lib/auth/principal';
import { readSession } from '../repos/sessions';
import { sessionToken } from './authOptions';

export type { Principal } from '@/lib/auth/principal';

/** Nobody is signed in, or the session has ended. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'unauthenticated';
  readonly status = 401;
  readonly hint = 'Sign in at /login and try again.';
  constructor() {
    super('This needs a signed-in person, and there is none or the session has ended.');
  }
}

/** The person is known but may not do this. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
  readonly status = 403;
  readonly hint = 'Ask an admin for a role that may do this.';
  constructor(
    readonly role: string,
    readonly permission: Permission,
  ) {
    super(`The role ${role} may not do this (it needs the permission ${permission}).`);
  }
}

/** The person behind this request, or null. Reads our own session row, so that a changed role or a revoked session counts at once. */
export async function currentPrincipal(): Promise<Principal | null> {
  const token = await getToken({
    req: {
      headers: Object.fromEntries(await headers()),
      cookies: Object.fromEntries((await cookies()).getAll().map(({ name, value }) => [name, value])),
      // next-auth reads only these two of a request, but its type wants a whole one.
    } as Parameters<typeof getToken>[0]['req'],
  });
  const parsed = sessionToken.safeParse(token);
  return parsed.success ? readSession(parsed.data.sid) : null;
}

/**
 * The person behind this request. For every page and route.
 * @throws UnauthenticatedError where nobody is signed in
 */
export async function requirePrincipal(): Promise<Principal> {
  const principal = await currentPrincipal();
  if (principal === null) throw new UnauthenticatedError();
  return principal;
}

/**
 * The person behind this request, who may do this.
 * @throws UnauthenticatedError, ForbiddenError
 */
export async function requirePermission(permission: Permission): Promise<Principal> {
  const principal = await requirePrincipal();
  if (!can(principal.role, permission)) throw new ForbiddenError(principal.role, permission);
  return principal;
}
