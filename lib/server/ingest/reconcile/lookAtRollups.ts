import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseTarget } from '@/lib/server/env';
import { localTable } from '../connect';
import { dayOf } from '../encodeRow';
import { differing, longestRecordMs, type SumsByUnit, sumsOfFlows, sumsOfRollup } from './compareRollup';
import { monthsOf, startOf } from './days';
import { rebuildPartition } from './rebuildPartition';
import { daysText, type RollupFinding } from './report';
import { tableKeptSince } from './retention';
import type { RollupStarts } from './rollupStarts';
import type { Rollup } from './rollups';

const DAY_MS = 86_400_000;

/** What looking at rollups needs. */
export interface RollupContext {
  client: ClickHouseClient;
  target: ClickHouseTarget;
  mend: boolean;
  /** First UTC day of which flows keeps everything. */
  kept: number;
  /** Also rollups that agree in sums are made again: their keys were changed in flows. */
  always?: boolean;
  /** Days of which flows itself is incomplete. */
  unmended: ReadonlySet<number>;
  leftOut: string[];
  /** Where rollups that came later begin; those that are made here from further back are noted in it. */
  starts?: RollupStarts;
}

/**
 * Compares rollups with what they are made from on the given UTC days (YYYYMMDD, ascending), and makes again what differs. Looks at them
 * in the order given, each after its source.
 */
export async function lookAtRollups(
  context: RollupContext,
  rollups: Rollup[],
  days: number[],
): Promise<RollupFinding[]> {
  const { client, target } = context;
  if (days.length === 0 || rollups.length === 0) return [];
  const flows = localTable(target, 'flows');
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
    const kept = await tableKeptSince(client, rollup.name);
    const sourceKept = rollup.source === flows ? complete : await tableKeptSince(client, rollup.source);
    const sourceSince = Math.max(sourceKept, context.starts?.get(rollup.source) ?? 0);
    if (context.starts?.has(rollup.name)) context.starts.set(rollup.name, sourceSince);
    const since = Math.max(kept, sourceSince);
    const units =
      rollup.unit === 'day'
        ? days.filter((day) => day >= since)
        : monthsOf(days).filter((month) => month * 100 + 1 >= since);
    if (units.length === 0) continue;
    const expected: SumsByUnit =
      rollup.source === flows
        ? expectedFromFlows
        : await sumsOfRollup(client, rollup.source, rollup.unit, units);
    const wrong =
      context.always === true
        ? units.filter((unit) => expected.has(unit))
        : differing(units, expected, await sumsOfRollup(client, rollup.name, rollup.unit, units));
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
  const { client, target, mend, unmended } = context;
  const table = rollup.name.slice(target.database.length + 1);
  const source = rollup.source.slice(target.database.length + 1);
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
  return (await rebuildPartition(client, target, rollup, partition, units, longestMs, expected))
    ? finding(true, `; made again from ${source}`)
    : finding(false, `; left as it is, since ${source} gives other sums when it is made again`);
}

function difference(units: number[], expected: SumsByUnit, actual: SumsByUnit): string {
  const total = (sums: SumsByUnit, field: 'records' | 'bytes'): bigint =>
    units.reduce((sum, unit) => sum + (sums.get(unit)?.[field] ?? 0n), 0n);
  return `${total(actual, 'records')} of ${total(expected, 'records')} records, ${total(actual, 'bytes')} of ${total(expected, 'bytes')} bytes`;
}
