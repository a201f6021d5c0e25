import type { Targets } from '@/lib/server/env';
import { placeRollups } from '@/lib/server/ingest/reconcile/placeRollups';
import { dataPaths } from '@/lib/server/paths';
import { finishGeo } from '@/lib/server/reference/finishGeo';
import type { Progress } from './progress';

/**
 * Loads countries and metros while the dashboard is up, and mends the records stored before. Never throws: without them
 * everything else works, so a failure is told and not more.
 */
export async function loadPlaces(targets: Targets, progress: Progress, signal: AbortSignal): Promise<void> {
  try {
    await progress.step(
      'Countries and metros',
      async (report) => {
        const found = await finishGeo(targets.clickhouse, dataPaths(), { onProgress: report, signal });
        await placeRollups(targets, { onProgress: report, signal });
        return found;
      },
      ({ load, mend }) =>
        load.changed || mend.records > 0
          ? `${load.rows.toLocaleString('en-US')} prefixes, ${mend.records.toLocaleString('en-US')} records mended`
          : 'up to date',
    );
  } catch (error) {
    if (signal.aborted) return;
    progress.line(
      `  Flows have no country and no metro: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
