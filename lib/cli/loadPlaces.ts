import type { ClickHouseTarget } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { finishGeo } from '@/lib/server/reference/finishGeo';
import type { Progress } from './progress';

/**
 * Loads countries and metros while the dashboard is up, and mends the records stored before. Never throws: without them
 * everything else works, so a failure is told and not more.
 */
export async function loadPlaces(
  target: ClickHouseTarget,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  try {
    await progress.step(
      'Countries and metros',
      (report) => finishGeo(target, dataPaths(), { onProgress: report, signal }),
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
