import 'server-only';
import type { PrismaClient } from '@/prisma/generated/client';
import { database } from './database';

/** Receipts are kept this long; afterwards the ledger alone recognises what comes again. */
const keptMs = 30 * 24 * 60 * 60 * 1000;

export type Receipt = { kind: 'new' } | { kind: 'answered'; summary: string } | { kind: 'other content' };

/**
 * Notes a request under its key, before anything of it is stored.
 * @returns `new` also where the same request was begun and never answered
 */
export async function openReceipt(
  tokenId: string,
  key: string,
  contentHash: string,
  db: PrismaClient = database(),
): Promise<Receipt> {
  await db.ingestReceipt.createMany({ data: [{ tokenId, key, contentHash }], skipDuplicates: true });
  const row = await db.ingestReceipt.findUniqueOrThrow({ where: { tokenId_key: { tokenId, key } } });
  if (row.contentHash !== contentHash) return { kind: 'other content' };
  return row.summary === null ? { kind: 'new' } : { kind: 'answered', summary: row.summary };
}

/** Notes what was answered. */
export async function closeReceipt(
  tokenId: string,
  key: string,
  summary: string,
  db: PrismaClient = database(),
): Promise<void> {
  await db.ingestReceipt.update({ where: { tokenId_key: { tokenId, key } }, data: { summary } });
  await db.ingestReceipt.deleteMany({ where: { createdAt: { lt: new Date(Date.now() - keptMs) } } });
}

/** Forgets a request of which nothing was stored, so that its key can be used for a corrected one. */
export async function dropReceipt(
  tokenId: string,
  key: string,
  db: PrismaClient = database(),
): Promise<void> {
  await db.ingestReceipt.deleteMany({ where: { tokenId, key, summary: null } });
}
