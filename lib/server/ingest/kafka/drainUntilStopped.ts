import 'server-only';
import type { Targets } from '@/lib/server/env';
import { pause } from '@/lib/server/process/pause';
import { CUT_LIMITS } from '../cutBatches';
import type { IngestSummary } from '../summary';
import { Drain, type DrainOptions } from './drain';

/** How long messages gather before they are taken, in milliseconds: fewer and larger batches. */
const LOOK_MS = 10_000;
/** Records in a pass after which the next one follows at once: there is more than gathers in a while. */
const MANY = CUT_LIMITS.records;

export interface DrainLoopOptions extends Omit<DrainOptions, 'signal'> {
  signal: AbortSignal;
  lookMs?: number;
  /** After each pass in which something was stored or counted. */
  onDrained?(part: IngestSummary): void;
}

/**
 * Drains until asked to stop. A pass that fails is told once and tried again: nothing is lost by waiting as long as the messages are
 * staged. What came again after the last count is counted by whoever drains next.
 */
export async function drainUntilStopped(targets: Targets, options: DrainLoopOptions): Promise<void> {
  const { signal } = options;
  const told = new Set<string>();
  const warn = (text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    options.onWarning?.(text);
  };
  const drain = new Drain(targets, { ...options, onWarning: warn });
  try {
    while (!signal.aborted) {
      let records = 0;
      try {
        const { summary } = await drain.pass();
        records = summary.records;
        if (records > 0) options.onDrained?.(summary);
        told.clear();
      } catch (error) {
        if (!signal.aborted)
          warn(
            `Messages of Kafka are not stored yet: ${error instanceof Error ? error.message : String(error)}`,
          );
      }
      if (records < MANY) await pause(options.lookMs ?? LOOK_MS, signal).catch(() => undefined);
    }
  } finally {
    await drain.close();
  }
}
