import 'server-only';
import { cookies, headers } from 'next/headers';
import { getToken } from 'next-auth/jwt';
import { can, type Permission } from '@/lib/auth/permissions';
import type { Principal } from '@/lib/auth/principal';
import { AppError } from '../errors';
import { readSession } from '../repos/sessions';
import { sessionToken } from './authOptions';

export type { Principal } from '@/lib/auth/principal';

/**
 * The person behind this request, or null. Reads our own session row each time, so that a changed role or a revoked
 * session counts at once.
 * @throws AppError `unavailable` where the database does not answer
 */
export async function currentPrincipal(): Promise<Principal | null> {
  // next-auth reads these two of a request, but its type wants a whole one.
  const req = {
    headers: Object.fromEntries(await headers()),
    cookies: Object.fromEntries((await cookies()).getAll().map(({ name, value }) => [name, value])),
  } as Parameters<typeof getToken>[0]['req'];
  const parsed = sessionToken.safeParse(await getToken({ req }));
  if (!parsed.success) return null;
  try {
    return await readSession(parsed.data.sid);
  } catch (cause) {
    // Nobody is let in unread, and nobody is told to sign in again because a database is away.
    throw new AppError(
      'unavailable',
      'The database of people and sessions does not answer.',
      'It may be starting: try again in a moment. Otherwise run `npm run doctor`.',
      { cause },
    );
  }
}

/**
 * The person behind this request. For every page and route.
 * @throws AppError `unauthenticated` where nobody is signed in, `unavailable`
 */
export async function requirePrincipal(): Promise<Principal> {
  const principal = await currentPrincipal();
  if (principal === null) {
    throw new AppError(
      'unauthenticated',
      'Nobody is signed in, or the session has ended.',
      'Sign in at /login and try again.',
    );
  }
  return principal;
}

/**
 * The person behind this request, if the role may do this.
 * @throws AppError `unauthenticated`, `forbidden`, `unavailable`
 */
export async function requirePermission(permission: Permission): Promise<Principal> {
  const principal = await requirePrincipal();
  requireRole(principal, permission);
  return principal;
}

/** @throws AppError `forbidden` where the person's role may not do this */
export function requireRole(principal: Principal, permission: Permission): void {
  if (can(principal.role, permission)) return;
  throw new AppError(
    'forbidden',
    `The role ${principal.role} may not do this (it needs the permission ${permission}).`,
    'Ask an admin for a role that may.',
  );
}
