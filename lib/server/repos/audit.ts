import 'server-only';
import type { PrismaClient } from '@/prisma/generated/client';
import { database } from './database';

/** What can be found in the audit log. */
export type AuditAction =
  | 'session.started'
  | 'session.ended'
  | 'sign_in.refused'
  | 'person.created'
  | 'person.role_changed'
  | 'token.created'
  | 'token.revoked'
  | 'classification.decided';

export interface AuditEntry {
  /** null = the system, or somebody unknown. */
  actor: { personId: string; email: string } | null;
  action: AuditAction;
  /** kind:id, such as person:0199…, where the action has one. */
  target?: string;
  /** Further facts. Never a password or a token. */
  detail?: Record<string, string | number | boolean | null>;
}

/** Adds an entry to the audit log. */
export async function recordAudit(entry: AuditEntry, db: PrismaClient = database()): Promise<void> {
  await db.auditEvent.create({
    data: {
      actorId: entry.actor?.personId ?? null,
      actorEmail: entry.actor?.email ?? null,
      action: entry.action,
      target: entry.target ?? null,
      detail: entry.detail ?? {},
    },
  });
}
