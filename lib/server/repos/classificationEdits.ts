import 'server-only';
import type { NetworkType } from '@/lib/flows/networkTypes';
import { isNetworkType } from '@/lib/flows/networkTypes';
import type { PrismaClient, ClassificationEdit as Row } from '@/prisma/generated/client';
import { recordAudit } from './audit';
import { database } from './database';

/** What a decision is about, as it is written: an AS number, a prefix in CIDR notation, or an interface of an exporter. */
export type Subject =
  | { kind: 'asn'; asn: number }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'link'; exporter: string; interface: number };

/** What a person decides. Days are UTC, YYYY-MM-DD, both included; null = since ever, until further notice. */
export interface Decision {
  subject: Subject;
  /** null = what the operators' file and the taxonomy say holds again. */
  networkType: NetworkType | null;
  validFrom: string | null;
  validTo: string | null;
  reason: string;
  history: 'keep' | 'rebuild';
}

export interface StoredDecision extends Decision {
  id: string;
  createdAt: Date;
  author: string;
  state: 'pending' | 'applying' | 'applied' | 'failed';
  progress: string;
  problem: string;
  taxonomyVersion: number | null;
  daysChanged: number | null;
  appliedAt: Date | null;
}

/** Keeps a decision and who made it; the process that may write to ClickHouse applies it. */
export async function addDecision(
  decision: Decision,
  by: { personId: string; email: string },
  db: PrismaClient = database(),
): Promise<StoredDecision> {
  const { subject } = decision;
  const row = await db.classificationEdit.create({
    data: {
      authorId: by.personId,
      authorEmail: by.email,
      kind: subject.kind,
      subject:
        subject.kind === 'asn'
          ? String(subject.asn)
          : subject.kind === 'prefix'
            ? subject.prefix
            : subject.exporter,
      interface: subject.kind === 'link' ? BigInt(subject.interface) : null,
      networkType: decision.networkType,
      validFrom: dayIn(decision.validFrom),
      validTo: dayIn(decision.validTo),
      reason: decision.reason,
      history: decision.history,
    },
  });
  await recordAudit(
    {
      actor: by,
      action: 'classification.decided',
      target: `classification:${row.id}`,
      detail: { kind: row.kind, subject: row.subject, networkType: row.networkType, history: row.history },
    },
    db,
  );
  return stored(row);
}

/** Decisions, newest first. */
export async function listDecisions(limit: number, db: PrismaClient = database()): Promise<StoredDecision[]> {
  const rows = await db.classificationEdit.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map(stored);
}

/** Decisions that have still to be applied, oldest first; also one that a process began and did not finish. */
export async function openDecisions(db: PrismaClient = database()): Promise<StoredDecision[]> {
  const rows = await db.classificationEdit.findMany({
    where: { state: { in: ['pending', 'applying'] } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(stored);
}

/** Tells how far the application of a decision is. */
export async function noteDecision(
  id: string,
  change: Partial<
    Pick<StoredDecision, 'state' | 'progress' | 'problem' | 'taxonomyVersion' | 'daysChanged' | 'appliedAt'>
  >,
  db: PrismaClient = database(),
): Promise<void> {
  await db.classificationEdit.update({ where: { id }, data: change });
}

function stored(row: Row): StoredDecision {
  return {
    id: row.id,
    createdAt: row.createdAt,
    author: row.authorEmail,
    subject:
      row.kind === 'asn'
        ? { kind: 'asn', asn: Number(row.subject) }
        : row.kind === 'prefix'
          ? { kind: 'prefix', prefix: row.subject }
          : { kind: 'link', exporter: row.subject, interface: Number(row.interface ?? 0) },
    networkType: row.networkType !== null && isNetworkType(row.networkType) ? row.networkType : null,
    validFrom: dayOut(row.validFrom),
    validTo: dayOut(row.validTo),
    reason: row.reason,
    history: row.history,
    state: row.state,
    progress: row.progress,
    problem: row.problem,
    taxonomyVersion: row.taxonomyVersion,
    daysChanged: row.daysChanged,
    appliedAt: row.appliedAt,
  };
}

function dayIn(day: string | null): Date | null {
  return day === null ? null : new Date(`${day}T00:00:00Z`);
}

function dayOut(day: Date | null): string | null {
  return day === null ? null : day.toISOString().slice(0, 10);
}
