import type { Targets } from '@/lib/server/env';
import { type FollowState, follow } from '@/lib/server/ingest/follow/follow';
import { openIngest } from '@/lib/server/ingest/ingest';
import { addSummary, emptySummary, type IngestSummary } from '@/lib/server/ingest/summary';
import { onStopRequest } from '../engines/stopRequest';
import { explainError } from '../explainError';
import { lagText } from './lagText';
import type { Options } from './options';
import { clearStatus, say, showStatus } from './statusLine';
import { number } from './summaryText';

/** A server that is away is waited for elsewhere too, so a request to stop does not have to wait long. */
const RETRY_MS = 10_000;
/** Silence after which a person is told. */
const SILENT_MS = 60_000;

/**
 * Follows every path until asked to stop (Ctrl-C, SIGTERM); what has been read by then is stored.
 * @returns what was stored, and whether all went well: false where a path cannot be followed at all
 */
export async function followPaths(
  targets: Targets,
  options: Options,
): Promise<{ total: IngestSummary; ok: boolean }> {
  const stop = new AbortController();
  const forget = onStopRequest(() => {
    say('Stopping: storing what has been read.');
    stop.abort();
  });
  const ingest = openIngest(targets, { retryMs: RETRY_MS });
  const total = emptySummary();
  const told = new Map<string, string>();
  let ok = true;
  say(`Following ${options.files.join(', ')}. Ctrl-C stops.`);
  try {
    await Promise.all(
      options.files.map((path) =>
        follow(ingest, {
          path,
          // readIngestOptions requires it here.
          format: options.format ?? '',
          signal: stop.signal,
          onState: (state) => tell(state, total, told),
          onStored: (part) => addSummary(total, part),
          onWarning: (text) => say(text),
          ...(options.zone === undefined ? {} : { zone: options.zone }),
          ...(options.samplingRate === undefined ? {} : { samplingRate: options.samplingRate }),
          ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
          ...(options.pattern === undefined ? {} : { pattern: options.pattern }),
          ...(options.settleMs === undefined ? {} : { settleMs: options.settleMs }),
          ...(options.flushMs === undefined ? {} : { flushMs: options.flushMs }),
        }).catch((error: unknown) => {
          ok = false;
          say(`${path}: ${explainError(error)}`);
        }),
      ),
    );
    return { total, ok };
  } finally {
    clearStatus();
    forget();
    await ingest.close();
  }
}

/** Changes of state are said once and stay; how far things have come is one line that changes. */
function tell(state: FollowState, total: IngestSummary, told: Map<string, string>): void {
  const silent = state.lastDataMs !== null && Date.now() - state.lastDataMs >= SILENT_MS;
  const kind = state.kind === 'waiting' && silent ? 'silent' : state.kind;
  const before = told.get(state.path);
  if (kind !== before) {
    told.set(state.path, kind);
    if (kind === 'gone' || kind === 'unreadable') say(`${state.path}: ${state.detail ?? kind}`);
    else if (kind === 'unavailable')
      say(`${state.path}: not stored yet, trying again: ${state.detail ?? ''}`);
    else if (kind === 'silent')
      say(`${state.path}: no new data since ${new Date(state.lastDataMs ?? 0).toISOString().slice(0, 19)}Z`);
    else if (before !== undefined && before !== 'waiting' && before !== 'reading')
      say(`${state.path}: going on`);
  }
  showStatus(
    `  … ${state.path}: ${lagText(state, Date.now())} · ${number(total.records)} records stored or recognised`,
    kind === 'reading',
  );
}
