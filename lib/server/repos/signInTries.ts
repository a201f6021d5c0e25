import 'server-only';
import type { PrismaClient } from '@/prisma/generated/client';
import { database } from './database';
import { normalEmail } from './people';

/** Tries that failed within this time count. */
const windowMs = 15 * 60_000;
const limits = {
  /** One person from one address: enough for a forgotten password, too few to guess one. */
  pair: 5,
  /** One person from anywhere: guesses spread over many addresses. */
  email: 20,
  /** One address for anybody: a list of addresses tried with one password; an office behind NAT fits. */
  address: 50,
} as const;

/** Result of asking for one more try: its id, or how long to wait. */
export type TryResult = { allowed: true; tryId: string } | { allowed: false; retryAfterSeconds: number };

/**
 * Asks for one more try to sign in. The try is written down before the password is looked at, so that many at the same
 * moment count each other; `forgetTries` takes it back after a success.
 */
export async function beginTry(
  email: string,
  address: string,
  db: PrismaClient = database(),
): Promise<TryResult> {
  const person = normalEmail(email).slice(0, 320);
  const since = new Date(Date.now() - windowMs);
  const { id } = await db.signInTry.create({ data: { email: person, address } });
  const [pair, byEmail, byAddress] = await Promise.all([
    db.signInTry.count({ where: { email: person, address, at: { gt: since } } }),
    db.signInTry.count({ where: { email: person, at: { gt: since } } }),
    db.signInTry.count({ where: { address, at: { gt: since } } }),
  ]);
  if (pair <= limits.pair && byEmail <= limits.email && byAddress <= limits.address) {
    return { allowed: true, tryId: id };
  }
  // A refused try does not count, or knocking on would keep the door shut for ever.
  await db.signInTry.deleteMany({ where: { id } });
  const oldest = await db.signInTry.findFirst({
    where: { OR: [{ email: person }, { address }], at: { gt: since } },
    orderBy: { at: 'asc' },
  });
  const until = (oldest?.at.getTime() ?? Date.now()) + windowMs;
  return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil((until - Date.now()) / 1000)) };
}

/** After a success: takes back the person's tries from this address, and drops what no longer counts. */
export async function forgetTries(
  email: string,
  address: string,
  db: PrismaClient = database(),
): Promise<void> {
  await db.signInTry.deleteMany({
    where: {
      OR: [{ email: normalEmail(email), address }, { at: { lt: new Date(Date.now() - windowMs) } }],
    },
  });
}
