import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import type { Targets } from '@/lib/server/env';
import { FIRST_DAY, formatDay, LAST_DAY, parseDay } from '@/lib/server/reference/day';
import { loadNetwork } from '@/lib/server/reference/network/loadNetwork';
import { NetworkFileError } from '@/lib/server/reference/network/networkFile';
import { prefixOf } from '@/lib/server/reference/prefix';
import { reenrich } from '@/lib/server/reference/reenrich/reenrich';
import { withOwner } from '@/lib/server/reference/target';
import { loadTaxonomy } from '@/lib/server/reference/taxonomy/loadTaxonomy';
import { noteDecision, openDecisions, type StoredDecision } from '@/lib/server/repos/classificationEdits';
import type { PrismaClient } from '@/prisma/generated/client';
import { type ClassificationEdit, storeEdit } from './classificationEdit';

export interface ApplyOptions {
  networkFile: string;
  taxonomyDir?: string;
  onProgress?(text: string): void;
  signal?: AbortSignal;
}

/**
 * Applies decisions about network types that wait in PostgreSQL, oldest first: the decision goes into ClickHouse, types are loaded under a new
 * taxonomy version, and where the person chose it stored records and rollups are made again. A decision whose application was cut
 * short is applied again; every step of it changes nothing the second time.
 *
 * The dashboard itself may only read ClickHouse, so this runs in the process that starts it.
 * @returns how many were applied
 */
export async function applyDecisions(
  targets: Targets,
  db: PrismaClient,
  options: ApplyOptions,
): Promise<number> {
  let applied = 0;
  for (const decision of await openDecisions(db)) {
    options.signal?.throwIfAborted();
    try {
      await apply(targets, db, decision, options);
      applied += 1;
    } catch (error) {
      // Stopping is no failure: the next start goes on.
      if (options.signal?.aborted === true) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      await noteDecision(decision.id, { state: 'failed', progress: '', problem }, db);
      options.onProgress?.(`Classification of ${subjectText(decision)} failed: ${problem}`);
    }
  }
  return applied;
}

/** Looks for decisions until it is stopped. Failures of a database are told once, and tried again. */
export async function applyDecisionsUntilStopped(
  targets: Targets,
  db: PrismaClient,
  options: ApplyOptions & { signal: AbortSignal; everyMs?: number },
): Promise<void> {
  let told = '';
  while (!options.signal.aborted) {
    try {
      await applyDecisions(targets, db, options);
      told = '';
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!options.signal.aborted && text !== told)
        options.onProgress?.(`Decisions about network types wait: ${text}`);
      told = text;
    }
    await delay(options.everyMs ?? 2_000, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function apply(
  targets: Targets,
  db: PrismaClient,
  decision: StoredDecision,
  options: ApplyOptions,
): Promise<void> {
  await noteDecision(decision.id, { state: 'applying', progress: 'loading network types' }, db);
  const edit = editOf(decision);
  const target = targets.clickhouse;
  await withOwner(target, (client) => storeEdit(client, edit));
  try {
    await loadNetwork(target, options.networkFile);
  } catch (error) {
    // A broken file leaves what is loaded in use, and stands in the way of links alone.
    if (!(error instanceof NetworkFileError) || decision.subject.kind === 'link') throw error;
  }
  const { version } = await loadTaxonomy(target, options.taxonomyDir);
  let daysChanged = 0;
  if (decision.history === 'rebuild') {
    const { days } = await reenrich(targets, {
      from: compact(edit.from),
      to: compact(edit.to),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (progress) => void noteDecision(decision.id, { progress }, db).catch(() => undefined),
    });
    daysChanged = days.length;
  }
  await noteDecision(
    decision.id,
    {
      state: 'applied',
      progress: '',
      problem: '',
      taxonomyVersion: version,
      daysChanged,
      appliedAt: new Date(),
    },
    db,
  );
  options.onProgress?.(
    `${subjectText(decision)} is ${decision.networkType ?? 'what the taxonomy says'} now (taxonomy version ${version}, ${daysChanged} days of stored records written anew)`,
  );
}

function editOf(decision: StoredDecision): ClassificationEdit {
  const { subject } = decision;
  return {
    id: decision.id,
    madeAtMs: decision.createdAt.getTime(),
    author: decision.author,
    key:
      subject.kind === 'asn'
        ? { asn: subject.asn }
        : subject.kind === 'prefix'
          ? { prefix: prefixOf(subject.prefix) }
          : { exporter: subject.exporter, interface: subject.interface },
    networkType: decision.networkType,
    from: decision.validFrom === null ? FIRST_DAY : (parseDay(decision.validFrom) ?? FIRST_DAY),
    to: decision.validTo === null ? LAST_DAY : (parseDay(decision.validTo) ?? LAST_DAY),
    reason: decision.reason,
  };
}

/** YYYYMMDD of a day number. */
function compact(day: number): number {
  return Number(formatDay(day).replaceAll('-', ''));
}

function subjectText({ subject }: StoredDecision): string {
  if (subject.kind === 'asn') return `AS${subject.asn}`;
  return subject.kind === 'prefix' ? subject.prefix : `${subject.exporter} interface ${subject.interface}`;
}
