import type { IngestSummary } from '../summary';

/** What is followed, and how its records are read. */
export interface FollowOptions {
  path: string;
  format: string;
  zone?: string;
  samplingRate?: number;
  batchSize?: number;
  /** Folder for checkpoints; default: that of $WEIR_DATA. */
  checkpoints?: string;
  /** Milliseconds within which a new record is sent, at most; default 2,000. More make fewer and larger batches. */
  flushMs?: number;
  /** Milliseconds without a change after which a file of a folder, or a renamed one, is taken for complete; default 2,000. */
  settleMs?: number;
  /** Which files of a folder: a name with * and ?; default: all but hidden and temporary ones. */
  pattern?: string;
  /** Asks to stop: what has been read is stored first. */
  signal: AbortSignal;
  onState?(state: FollowState): void;
  /** Each time something was stored. */
  onStored?(part: IngestSummary): void;
  onWarning?(text: string): void;
}

/** How things stand with one path. */
export interface FollowState {
  path: string;
  kind: 'reading' | 'waiting' | 'gone' | 'unreadable' | 'unavailable';
  /** What is there and not stored yet, in `unit`. */
  behind: number;
  /** Bytes of a file, files of a folder. */
  unit: 'bytes' | 'files';
  /** When data was last found, milliseconds since 1970; null = not yet. */
  lastDataMs: number | null;
  detail?: string;
}

/** How often a quiet path is looked at, in milliseconds. */
export const LOOK_MS = 200;
/** Pause after storing failed, in milliseconds. */
export const RETRY_MS = 2_000;
export const DEFAULT_SETTLE_MS = 2_000;

/** Every record rejected: most likely the wrong format. */
export function warnWhereNothingWasRead(path: string, summary: IngestSummary, options: FollowOptions): void {
  if (summary.records === 0 || summary.accepted + summary.duplicates > 0) return;
  options.onWarning?.(
    `${path}: all of ${summary.records} records were rejected (${Object.keys(summary.rejectedBy).join(', ')}). Is ${options.format} its format?`,
  );
}
