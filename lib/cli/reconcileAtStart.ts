import type { Targets } from '@/lib/server/env';
import type { Remake } from '@/lib/server/ingest/reconcile/contentOf';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { reportLines } from '@/lib/server/ingest/reconcile/report';
import type { Session } from './engines/supervise';
import type { Progress } from './progress';

/**
 * After an unclean stop or a crash: compares what the ledger doubts with what is stored, mends it and says what was found. Only a report
 * without anything left closes the matter; otherwise the next start looks again.
 */
export async function reconcileAtStart(
  engines: Pick<Session, 'reconciled'>,
  targets: Targets,
  progress: Progress,
  remake?: Remake,
): Promise<void> {
  const report = await progress.step(
    'Checking stored batches after an unclean stop or a crash',
    (detail) =>
      reconcile(targets, { scope: 'doubtful', onStep: detail, ...(remake === undefined ? {} : { remake }) }),
    ({ batches, rollups }) =>
      batches.length + rollups.length === 0 ? 'nothing lost, nothing doubled' : 'differences found',
  );
  if (report.batches.length + report.rollups.length > 0 || !report.ok) {
    for (const line of reportLines(report)) progress.line(`    ${line}`);
  }
  if (report.ok) await engines.reconciled();
  else progress.line('    Run `npm run reconcile` for the whole report; the next start looks again.');
}
