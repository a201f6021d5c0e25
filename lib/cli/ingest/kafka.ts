import type { Targets } from '@/lib/server/env';
import { IngestError } from '@/lib/server/ingest/ingestRequest';
import { drainOnce } from '@/lib/server/ingest/kafka/drain';
import { drainUntilStopped } from '@/lib/server/ingest/kafka/drainUntilStopped';
import { addSummary, emptySummary, type IngestSummary } from '@/lib/server/ingest/summary';
import { onStopRequest } from '../engines/stopRequest';
import { explainError } from '../explainError';
import { clearStatus, say, showStatus } from './statusLine';
import { number } from './summaryText';

/**
 * Stores the messages that ClickHouse has read from Kafka: those that wait now, or (follow) those that come until Ctrl-C or SIGTERM.
 * @returns what was stored, and whether all went well
 */
export async function drainKafka(
  targets: Targets,
  follow: boolean,
): Promise<{ total: IngestSummary; ok: boolean }> {
  const stop = new AbortController();
  const forget = onStopRequest(() => {
    say('Stopping: completing the batches that are under way.');
    stop.abort();
  });
  const total = emptySummary();
  const options = { signal: stop.signal, onWarning: (text: string) => say(text) };
  try {
    if (follow) {
      say('Draining the messages that come from Kafka. Ctrl-C stops.');
      await drainUntilStopped(targets, {
        ...options,
        onDrained: (part) => {
          addSummary(total, part);
          show(total);
        },
      });
      return { total, ok: true };
    }
    const { summary, elsewhere } = await drainOnce(targets, { ...options, onProgress: show });
    addSummary(total, summary);
    if (elsewhere.length > 0) {
      say(
        `Left to another process that drains them now: ${elsewhere.map(({ topic, partition }) => `${topic}/${partition}`).join(', ')}`,
      );
    }
    return { total, ok: !stop.signal.aborted };
  } catch (error) {
    if (error instanceof IngestError) addSummary(total, error.summary);
    say(explainError(error));
    return { total, ok: false };
  } finally {
    clearStatus();
    forget();
  }
}

function show(soFar: IngestSummary): void {
  const rate = Math.round(soFar.records / Math.max(0.001, soFar.seconds));
  showStatus(`  … Kafka: ${number(soFar.records)} messages, ${number(rate)} a second`);
}
