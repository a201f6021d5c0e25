import type { Targets } from '@/lib/server/env';
import { connect } from '@/lib/server/ingest/connect';
import type { Remake } from '@/lib/server/ingest/reconcile/contentOf';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { reportLines } from '@/lib/server/ingest/reconcile/report';
import { unfilledRollups } from '@/lib/server/ingest/reconcile/rollupStarts';
import type { Progress } from './progress';

/** Names of rollups that an update brought, and that hold nothing yet of what was stored before. */
export async function findUnfilled(target: Targets['clickhouse']): Promise<string[]> {
  const client = connect(target, 'owner');
  try {
    return await unfilledRollups(client, target.database);
  } finally {
    await client.close();
  }
}

/**
 * Makes rollups that an update brought from the raw flows that are kept, while the dashboard is up: until then it answers from other
 * tables. Never throws: a failure is told, and the next start tries again.
 */
export async function fillRollups(targets: Targets, progress: Progress, remake?: Remake): Promise<void> {
  try {
    const tables = await findUnfilled(targets.clickhouse);
    if (tables.length === 0) return;
    const report = await progress.step(
      `New rollups: making ${tables.length} tables from what is stored`,
      (detail) => reconcile(targets, { scope: 'all', onStep: detail, ...(remake ? { remake } : {}) }),
      ({ ok }) => (ok ? 'complete as far back as raw flows are kept' : 'not all could be made'),
    );
    if (!report.ok) for (const line of reportLines(report)) progress.line(`    ${line}`);
  } catch (error) {
    progress.line(
      `  New rollups are not made yet: ${error instanceof Error ? error.message : String(error)} npm run reconcile tries again.`,
    );
  }
}
