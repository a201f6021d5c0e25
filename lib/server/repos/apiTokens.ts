import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import { isScope, type Scope, type TokenPrincipal } from '@/lib/auth/scopes';
import type { PrismaClient } from '@/prisma/generated/client';
import { recordAudit } from './audit';
import { database } from './database';

/** Every token begins like this, so that it is recognised where it should not be. */
const PREFIX = 'weir_';
/** "Last used" is written at most this often, so that a stream of requests does not write a row each. */
const usedEveryMs = 60_000;

export interface ApiToken {
  id: string;
  name: string;
  scopes: Scope[];
  createdBy: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/**
 * Makes a token. It is returned here and nowhere else: only its hash is kept.
 * @throws Error where the name is taken
 */
export async function createToken(
  wanted: { name: string; scopes: Scope[]; expiresAt: Date | null },
  by: { personId: string; email: string } | null,
  db: PrismaClient = database(),
): Promise<{ id: string; token: string }> {
  const { name, scopes, expiresAt } = wanted;
  if ((await db.apiToken.findUnique({ where: { name } })) !== null) {
    throw new Error(
      `There is a token "${name}" already, perhaps a revoked one: choose another name, such as "${name}-2".`,
    );
  }
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  const { id } = await db.apiToken.create({
    data: { name, scopes, expiresAt, createdBy: by?.email ?? null, tokenHash: hashOf(token) },
  });
  await recordAudit(
    { actor: by, action: 'token.created', target: `token:${id}`, detail: { name, scopes: scopes.join(' ') } },
    db,
  );
  return { id, token };
}

/** Every token, the newest first. */
export async function listTokens(db: PrismaClient = database()): Promise<ApiToken[]> {
  const rows = await db.apiToken.findMany({ orderBy: { createdAt: 'desc' } });
  return rows.map(({ tokenHash: _, scopes, ...row }) => ({ ...row, scopes: scopes.filter(isScope) }));
}

/** Ends a token at once, by its name or id. @returns false where no token of that name is in use */
export async function revokeToken(
  nameOrId: string,
  by: { personId: string; email: string } | null,
  db: PrismaClient = database(),
): Promise<boolean> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(nameOrId);
  const token = await db.apiToken.findFirst({
    where: { revokedAt: null, OR: [{ name: nameOrId }, ...(isId ? [{ id: nameOrId }] : [])] },
  });
  if (token === null) return false;
  await db.apiToken.update({ where: { id: token.id }, data: { revokedAt: new Date() } });
  await recordAudit(
    { actor: by, action: 'token.revoked', target: `token:${token.id}`, detail: { name: token.name } },
    db,
  );
  return true;
}

/** The program behind a token as the table says now; null where it is unknown, revoked or expired: nobody is told which. */
export async function readToken(
  token: string,
  db: PrismaClient = database(),
): Promise<TokenPrincipal | null> {
  if (!token.startsWith(PREFIX)) return null;
  const now = new Date();
  const row = await db.apiToken.findFirst({
    where: {
      tokenHash: hashOf(token),
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
    },
  });
  if (row === null) return null;
  if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() > usedEveryMs) {
    await db.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: now } });
  }
  return { tokenId: row.id, name: row.name, scopes: row.scopes.filter(isScope) };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
