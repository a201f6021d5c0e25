import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Targets } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { connect, localTable } from '../connect';
import { daysBetween } from '../cutBatches';
import { dayOf } from '../encodeRow';
import { loadExporterSettings } from '../exporterSettings';
import { createIngestLock } from '../ingestLock';
import { Spool } from '../spool';
import {
  daysHeld,
  differing,
  longestRecordMs,
  type SumsByUnit,
  sumsOfFlows,
  sumsOfRollup,
} from './compareRollup';
import { contentOf, type Remake } from './contentOf';
import { monthsOf, startOf } from './days';
import { orphanRows, scopeOfBatches, stateOf, suspectBatches } from './findBatches';
import { mendBatch } from './mendBatch';
import { rebuildPartition } from './rebuildPartition';
import { type BatchFinding, daysText, type ReconcileReport, type RollupFinding, type Scope } from './report';
import { keptSince } from './retention';
import { findRollups, type Rollup } from './rollups';

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
 * waiting, looks again and mends.
 */
export async function reconcile(targets: Targets, options: ReconcileOptions): Promise<ReconcileReport> {
  const started = performance.now();
  const client = connect(targets.clickhouse, 'owner');
  const lock = createIngestLock(targets.databaseUrl, targets.clickhouse.database);
  try {
    let report = await look(client, targets, options, false);
    if (options.mend !== false && report.batches.length + report.rollups.length > 0) {
      options.onStep?.('Differences found: waiting for imports under way, then mending');
      report = await lock.alone(() => look(client, targets, options, true));
    }
    if (options.mend !== false) {
      const spool = new Spool(options.spool ?? dataPaths().spool);
      await spool.tidy((ids) => stateOf(client, targets.clickhouse.database, ids));
    }
    const findings = [...report.batches, ...report.rollups];
    return {
      ...report,
      seconds: (performance.now() - started) / 1000,
      ok: findings.every(({ mended }) => mended),
    };
  } finally {
    await Promise.all([client.close(), lock.close()]);
  }
}

const DAY_MS = 86_400_000;

type Findings = Omit<ReconcileReport, 'seconds' | 'ok'>;

async function look(
  client: ClickHouseClient,
  targets: Targets,
  options: ReconcileOptions,
  mend: boolean,
): Promise<ReconcileReport> {
  const target = targets.clickhouse;
  const { database } = target;
  options.onStep?.('Comparing the ledger with flows');
  const scope = await scopeOfBatches(client, database, options.scope);
  const kept = await keptSince(client, database, localTable(target, 'flows').slice(database.length + 1));
  const batches = await lookAtBatches(client, targets, options, mend, scope.days, kept);

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
    targets,
    mend,
    kept,
    unmended: new Set(batches.filter(({ mended }) => !mended).flatMap((finding) => finding.days)),
    leftOut: skipped,
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
  mend: boolean,
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

interface RollupContext {
  client: ClickHouseClient;
  targets: Targets;
  mend: boolean;
  /** First UTC day of which flows keeps everything. */
  kept: number;
  /** Days of which flows itself is incomplete. */
  unmended: ReadonlySet<number>;
  leftOut: string[];
}

async function lookAtRollups(
  context: RollupContext,
  rollups: Rollup[],
  days: number[],
): Promise<RollupFinding[]> {
  const { client, targets } = context;
  if (days.length === 0 || rollups.length === 0) return [];
  const flows = localTable(targets.clickhouse, 'flows');
  const longestMs = await longestRecordMs(client, flows);
  // A day also holds what records of the days before it reach into it.
  const complete =
    context.kept === 0
      ? 0
      : dayOf(startOf(context.kept) + Math.ceil(Math.max(1, longestMs) / DAY_MS) * DAY_MS);
  const fromFlows = days.filter((day) => day >= complete);
  if (fromFlows.length < days.length) {
    context.leftOut.push(
      `${days.length - fromFlows.length} days before ${daysText([complete])}: flows no longer keeps everything of them, so rollups made from it cannot be compared there`,
    );
  }
  const expectedFromFlows =
    fromFlows.length === 0 ? new Map() : await sumsOfFlows(client, flows, fromFlows, longestMs);
  const findings: RollupFinding[] = [];
  for (const rollup of rollups) {
    const kept = await keptSince(client, ...split(rollup.name));
    const sourceKept = rollup.source === flows ? complete : await keptSince(client, ...split(rollup.source));
    const since = Math.max(kept, sourceKept);
    const units =
      rollup.unit === 'day'
        ? days.filter((day) => day >= since)
        : monthsOf(days).filter((month) => month * 100 + 1 >= since);
    if (units.length === 0) continue;
    const expected: SumsByUnit =
      rollup.source === flows
        ? expectedFromFlows
        : await sumsOfRollup(client, rollup.source, rollup.unit, units);
    const wrong = differing(units, expected, await sumsOfRollup(client, rollup.name, rollup.unit, units));
    const partitions = rollup.unit === 'day' ? monthsOf(wrong) : wrong;
    for (const partition of partitions) {
      const inPartition = wrong.filter((unit) => unit === partition || Math.floor(unit / 100) === partition);
      findings.push(await lookAtPartition(context, rollup, partition, inPartition, expected, longestMs));
    }
  }
  return findings;
}

async function lookAtPartition(
  context: RollupContext,
  rollup: Rollup,
  partition: number,
  units: number[],
  expected: SumsByUnit,
  longestMs: number,
): Promise<RollupFinding> {
  const { client, targets, mend, unmended } = context;
  const table = rollup.name.slice(targets.clickhouse.database.length + 1);
  const source = rollup.source.slice(targets.clickhouse.database.length + 1);
  const before = await sumsOfRollup(client, rollup.name, rollup.unit, units);
  const what = `${table}, partition ${partition}: differs from ${source} on ${daysText(units)} (${difference(units, expected, before)})`;
  const finding = (mended: boolean, text: string): RollupFinding => ({
    rollup: table,
    partition,
    units,
    mended,
    text: `${what}${text}`,
  });
  const incomplete = units.filter((unit) => unmended.has(unit));
  if (incomplete.length > 0) {
    return finding(false, `; not made again, since flows itself lacks rows of ${daysText(incomplete)}`);
  }
  // Rows dropped by hand look like this too, and then the rollup is all that is left of them.
  const gone = units.filter(
    (unit) => (expected.get(unit)?.records ?? 0n) === 0n && (expected.get(unit)?.bytes ?? 0n) === 0n,
  );
  if (gone.length > 0)
    return finding(false, `; left as it is, since ${source} holds nothing of ${daysText(gone)}`);
  if (!mend) return finding(false, '');
  return (await rebuildPartition(client, targets.clickhouse, rollup, partition, units, longestMs, expected))
    ? finding(true, `; made again from ${source}`)
    : finding(false, `; left as it is, since ${source} gives other sums when it is made again`);
}

function difference(units: number[], expected: SumsByUnit, actual: SumsByUnit): string {
  const total = (sums: SumsByUnit, field: 'records' | 'bytes'): bigint =>
    units.reduce((sum, unit) => sum + (sums.get(unit)?.[field] ?? 0n), 0n);
  return `${total(actual, 'records')} of ${total(expected, 'records')} records, ${total(actual, 'bytes')} of ${total(expected, 'bytes')} bytes`;
}

function split(name: string): [string, string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}
