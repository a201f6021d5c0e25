import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Targets } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { connect, localTable } from '../connect';
import { daysBetween } from '../cutBatches';
import { loadExporterSettings } from '../exporterSettings';
import { createIngestLock } from '../ingestLock';
import { Spool } from '../spool';
import { daysHeld } from './compareRollup';
import { contentOf, type Remake } from './contentOf';
import { orphanRows, scopeOfBatches, stateOf, suspectBatches } from './findBatches';
import { untilInsertsEnded } from './insertsUnderWay';
import { lookAtRollups, type RollupContext } from './lookAtRollups';
import { mendBatch } from './mendBatch';
import type { BatchFinding, ReconcileReport, Scope } from './report';
import { keptSince } from './retention';
import { noteRollupStarts, type RollupStarts, readRollupStarts } from './rollupStarts';
import { findRollups } from './rollups';

export interface ReconcileOptions {
  /** 'doubtful': unfinished batches and those of the last hour before the newest, and the days they touch. 'all': everything. */
  scope: Scope;
  /** False: find and report only. */
  mend?: boolean;
  /** Folder of the spool; default: that of $WEIR_DATA. */
  spool?: string;
  /** Makes batches of computed sources again. */
  remake?: Remake;
  onStep?(text: string): void;
}

/**
 * Compares the ledger with flows and every rollup with what it is made from, and mends what differs (design.md, section 4, rule 2).
 * Looks first without holding up imports; only where something differs it waits until no batch is under way, keeps new ones
 * waiting, looks again and mends (or only reports).
 */
export async function reconcile(targets: Targets, options: ReconcileOptions): Promise<ReconcileReport> {
  const started = performance.now();
  const client = connect(targets.clickhouse, 'owner');
  const lock = createIngestLock(targets.databaseUrl, targets.clickhouse.database);
  try {
    const starts: RollupStarts = new Map();
    let report = await look(client, targets, options, { alone: false, mend: false }, starts);
    if (report.batches.length + report.rollups.length > 0) {
      // Imports that ran meanwhile look like differences, since tables are read one after the other.
      const mend = options.mend !== false;
      options.onStep?.(
        `Differences found: waiting for imports under way, then ${mend ? 'mending' : 'looking again'}`,
      );
      report = await lock.alone(() => look(client, targets, options, { alone: true, mend }, starts));
    }
    if (options.mend !== false) {
      const spool = new Spool(options.spool ?? dataPaths().spool);
      await spool.tidy((ids) => stateOf(client, targets.clickhouse.database, ids));
    }
    const findings = [...report.batches, ...report.rollups];
    if (options.mend !== false && options.scope === 'all') {
      const { database } = targets.clickhouse;
      for (const { rollup, mended } of report.rollups) if (!mended) starts.delete(`${database}.${rollup}`);
      await noteRollupStarts(client, targets.clickhouse, starts);
    }
    return {
      ...report,
      seconds: (performance.now() - started) / 1000,
      ok: findings.every(({ mended }) => mended),
    };
  } finally {
    await Promise.all([client.close(), lock.close()]);
  }
}

type Findings = Omit<ReconcileReport, 'seconds' | 'ok'>;

interface How {
  /** The lock is held: no living program stores anything. */
  alone: boolean;
  mend: boolean;
}

async function look(
  client: ClickHouseClient,
  targets: Targets,
  options: ReconcileOptions,
  how: How,
  starts: RollupStarts,
): Promise<ReconcileReport> {
  const target = targets.clickhouse;
  const { database } = target;
  starts.clear();
  for (const [table, day] of await readRollupStarts(client, target)) starts.set(table, day);
  options.onStep?.('Comparing the ledger with flows');
  const scope = await scopeOfBatches(client, database, options.scope);
  const kept = await keptSince(client, database, localTable(target, 'flows').slice(database.length + 1));
  const batches = await lookAtBatches(client, targets, options, how, scope.days, kept);

  const { rollups, skipped } = await findRollups(client, target);
  const days = new Set([...scope.days, ...batches.flatMap((finding) => finding.days)]);
  if (options.scope === 'all') {
    for (const day of await daysHeld(client, `${database}.flows`, 'ts_start')) days.add(day);
    for (const rollup of rollups.filter(({ unit }) => unit === 'day')) {
      for (const day of await daysHeld(client, rollup.name, 'bucket')) days.add(day);
    }
  }
  const context: RollupContext = {
    client,
    target,
    mend: how.mend,
    kept,
    unmended: new Set(batches.filter(({ mended }) => !mended).flatMap((finding) => finding.days)),
    leftOut: skipped,
    starts,
  };
  options.onStep?.('Comparing rollups with flows');
  const found = await lookAtRollups(
    context,
    rollups,
    [...days].sort((a, b) => a - b),
  );
  const findings: Findings = {
    scope: options.scope,
    checked: { batches: scope.batches, rollups: rollups.length, days: days.size },
    batches,
    rollups: found,
    orphans: options.scope === 'all' ? await orphanRows(client, database) : { batches: 0, rows: 0 },
    leftOut: context.leftOut,
  };
  return { ...findings, seconds: 0, ok: false };
}

async function lookAtBatches(
  client: ClickHouseClient,
  targets: Targets,
  options: ReconcileOptions,
  { alone, mend }: How,
  days: number[],
  kept: number,
): Promise<BatchFinding[]> {
  const target = targets.clickhouse;
  const rejectionsKept = await keptSince(
    client,
    target.database,
    localTable(target, 'flows_rejected').slice(target.database.length + 1),
  );
  const suspects = await suspectBatches(client, target.database, options.scope, days, kept, rejectionsKept);
  if (suspects.length === 0) return [];
  if (alone) await untilInsertsEnded(client, suspects);
  const spool = new Spool(options.spool ?? dataPaths().spool);
  const settings = await loadExporterSettings(client, target.database);
  const findings: BatchFinding[] = [];
  for (const batch of suspects) {
    const content = await contentOf(batch, spool, settings, options.remake);
    const finding = await mendBatch({ client, target, spool, keptSince: kept, mend }, batch, content);
    if (finding === null) continue;
    // Whatever was stored of the batch, its rollups are in doubt on every day it touches.
    const touched = batch.accepted === 0 ? [] : daysBetween(batch.firstStartMs, batch.lastEndMs);
    findings.push({ ...finding, days: touched });
  }
  return findings;
}
