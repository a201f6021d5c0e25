import { readsKafka } from '@/clickhouse/migrate';
import { closeReader } from '@/lib/server/clickhouse/client';
import { type Targets, targetsToEnv } from '@/lib/server/env';
import { drainUntilStopped } from '@/lib/server/ingest/kafka/drainUntilStopped';
import { loadFacts } from '@/lib/server/queries/facts';
import { closeEpisodes, type EpisodesReport } from '@/lib/server/rollups/closeEpisodes';
import { type CloseReport, closeMonths } from '@/lib/server/rollups/closeMonths';
import type { Progress } from './progress';

const HOUR_MS = 3_600_000;

/** Closes every month that the watermark has passed. */
export async function closeMonthsNow(
  targets: Targets,
  options: { onStep?: (text: string) => void; signal?: AbortSignal } = {},
): Promise<CloseReport> {
  // Facts are read as the web server reads them, by the environment.
  Object.assign(process.env, targetsToEnv(targets));
  const { watermark } = await loadFacts();
  return closeMonths(targets.clickhouse, watermark, options);
}

/** Stores the episodes of every day that the watermark has passed. */
export async function closeEpisodesNow(
  targets: Targets,
  options: { onStep?: (text: string) => void; signal?: AbortSignal } = {},
): Promise<EpisodesReport> {
  Object.assign(process.env, targetsToEnv(targets));
  const { watermark } = await loadFacts();
  return closeEpisodes(targets.clickhouse, watermark, options);
}

/** Stores the messages of Kafka until asked to stop, where ClickHouse reads a topic. */
async function drainKafka(targets: Targets, progress: Progress, signal: AbortSignal): Promise<void> {
  const tell = (text: string): void => progress.line(`  ${text}`);
  try {
    if (await readsKafka(targets.clickhouse)) await drainUntilStopped(targets, { signal, onWarning: tell });
  } catch (error) {
    if (!signal.aborted)
      tell(`Messages of Kafka are not stored: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * What a running server does once an hour: closes months that are over, and days for their episodes. A failure is told once, and the next hour tries again.
 * Meanwhile it drains Kafka.
 *
 * @returns ends it, after what is under way
 */
export function startMaintenance(targets: Targets, progress: Progress): () => Promise<void> {
  const stopping = new AbortController();
  let told = '';
  const run = async (): Promise<void> => {
    try {
      const { closed } = await closeMonthsNow(targets, { signal: stopping.signal });
      const months = [...new Set(closed.map(({ month }) => month))];
      if (months.length > 0) progress.line(`  Heavy hitters written of ${months.join(', ')}`);
      const { days } = await closeEpisodesNow(targets, { signal: stopping.signal });
      const episodes = days.reduce((sum, day) => sum + day.episodes, 0);
      if (episodes > 0)
        progress.line(`  ${episodes} episodes of 1 GB and more stored of ${days.length} days`);
      told = '';
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!stopping.signal.aborted && text !== told)
        progress.line(`  Months and episodes are not closed yet: ${text}`);
      told = text;
    }
  };
  let running = run();
  const draining = drainKafka(targets, progress, stopping.signal);
  const timer = setInterval(() => {
    running = running.then(run);
  }, HOUR_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await Promise.all([running, draining]);
    await closeReader();
  };
}
