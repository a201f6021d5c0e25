import 'server-only';
import { bucketLabel } from '@/lib/flows/buckets';
import { METRICS_VERSION } from '@/lib/flows/contracts/contract';
import type { Meta, Note } from '@/lib/flows/contracts/envelope';
import { type Coverage, coveredIntervals } from '@/lib/flows/coverage';
import { secondsOf } from '@/lib/flows/intervals';
import type { Plan } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import type { Facts } from './facts';
import { timeNotes } from './timeNotes';

export interface Answered {
  plan: Plan;
  asked: TimeRange;
  zone: string;
  coverage: Coverage;
  facts: Facts;
  notes?: readonly Note[];
  /** performance.now() when the question came in */
  started: number;
}

/** What an answer says of itself. */
export function metaOf(context: QueryContext, answered: Answered): Meta {
  const { plan, asked, zone, coverage, facts, started, notes = [] } = answered;
  const watermark = facts.watermark;
  const provisionalFrom = watermark === null || watermark >= plan.to ? null : Math.max(plan.from, watermark);
  const settled = Math.max(0, Math.min(plan.to, watermark ?? plan.from) - plan.from);
  return {
    question: context.question,
    requestId: context.requestId,
    table: plan.table,
    reason: plan.reason,
    bucketSeconds: plan.bucket?.seconds ?? null,
    bucket: plan.bucket === null ? null : bucketLabel(plan.bucket),
    from: plan.from,
    to: plan.to,
    asked,
    widened: plan.widened,
    zone,
    complete:
      provisionalFrom === null &&
      coverage.share === 1 &&
      secondsOf(coveredIntervals(coverage)) === settled &&
      watermark !== null,
    provisionalFrom,
    watermark,
    coverage: coverage.share,
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
    kept: false,
    rowsRead: context.statements.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
    taxonomyVersion: facts.taxonomyVersion,
    metricsVersion: METRICS_VERSION,
    notes: [...notes, ...timeNotes(plan, zone, facts)],
    statements: context.statements,
  };
}
