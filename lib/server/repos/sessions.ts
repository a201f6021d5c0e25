import 'server-only';
import type { Principal } from '@/lib/auth/principal';
import type { PrismaClient } from '@/prisma/generated/client';
import { database } from './database';

/** A session ends this long after signing in, used or not. */
export const sessionSeconds = 14 * 24 * 60 * 60;

/** "Last seen" is written at most this often, so that reading dashboards does not write a row per request. */
const seenEveryMs = 60_000;

/** Sessions that ended this long ago are dropped; the audit log still knows of them. */
const forgetAfterMs = 90 * 24 * 60 * 60 * 1000;

/** Opens a session for a person. Returns its id, the only thing that the cookie carries. */
export async function openSession(personId: string, db: PrismaClient = database()): Promise<string> {
  await db.session.deleteMany({ where: { expiresAt: { lt: new Date(Date.now() - forgetAfterMs) } } });
  const session = await db.session.create({
    data: { userId: personId, expiresAt: new Date(Date.now() + sessionSeconds * 1000) },
  });
  return session.id;
}

/**
 * The person behind a session as the tables say now, or null where the session is unknown, revoked or over, or the
 * person may no longer sign in.
 */
export async function readSession(
  sessionId: string,
  db: PrismaClient = database(),
): Promise<Principal | null> {
  const now = new Date();
  const session = await db.session.findFirst({
    where: { id: sessionId, revokedAt: null, expiresAt: { gt: now }, user: { disabledAt: null } },
    include: { user: true },
  });
  if (session === null) return null;
  if (now.getTime() - session.lastSeenAt.getTime() > seenEveryMs) {
    await db.session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: now } });
  }
  const { id, name, email, role } = session.user;
  return { personId: id, sessionId, name, email, role };
}

/** Ends a session at once. Returns whose it was, or null where it was not open. */
export async function revokeSession(
  sessionId: string,
  db: PrismaClient = database(),
): Promise<{ personId: string; email: string } | null> {
  const open = await db.session.findFirst({
    where: { id: sessionId, revokedAt: null },
    select: { user: { select: { id: true, email: true } } },
  });
  if (open === null) return null;
  await db.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: new Date() } });
  return { personId: open.user.id, email: open.user.email };
}

/** Ends every session of a person, after a changed password for example. Returns how many. */
export async function revokeSessionsOf(personId: string, db: PrismaClient = database()): Promise<number> {
  const { count } = await db.session.updateMany({
    where: { userId: personId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count;
}
