import 'server-only';
import type { FileHandle } from 'node:fs/promises';
import { pause } from '@/lib/server/process/pause';
import type { Ingest } from '../ingest';
import { checked, readOptions } from '../ingestFile';
import type { ParsedRecord } from '../record';
import type { IngestSummary } from '../summary';
import type { FollowOptions } from './followed';
import { LineReader } from './lineReader';
import { completeLines } from './lines';
import type { Marks } from './place';

/** A place in a file, as the ledger and the file count. */
export interface Position {
  source: string;
  ordinal: number;
  position: number;
}

interface Stretch {
  file: FileHandle;
  /** First line of the file. */
  first: Buffer;
  from: Position;
  /** What was read of the file before; goes on with what is read now. */
  marks: Marks;
  /** Nothing will be appended: a last line without line break counts too. */
  last: boolean;
  path: string;
  onProgress(position: number): void;
}

/** Records after which a stretch ends although there is more, so that the checkpoint moves on. */
const STRETCH_RECORDS = 1_000_000;
const DEFAULT_FLUSH_MS = 2_000;
const LOOK_MS = 50;

/**
 * Stores what a growing file has from a place on: to its present end, and what comes until the oldest record has waited for
 * `flushMs`. All of it has been committed when this returns, so the place it ends at is a boundary of batches.
 */
export async function storeStretch(
  ingest: Ingest,
  options: FollowOptions,
  stretch: Stretch,
): Promise<{ summary: IngestSummary; to: Position; looked: number }> {
  const format = checked(options);
  const readAs = readOptions(options, format);
  const { file, from, last } = stretch;
  const to: Position = { ...from };
  let looked = from.position;
  let knownUpTo = 0;

  async function* read(activeTimeoutSeconds: (exporter: string) => number): AsyncGenerator<ParsedRecord[]> {
    const reader = new LineReader(format, { ...readAs, activeTimeoutSeconds }, stretch.path);
    if (stretch.first.length > 0) await reader.begin(stretch.first);
    const until = performance.now() + (options.flushMs ?? DEFAULT_FLUSH_MS);
    for (;;) {
      const lines = completeLines(file, to.position, last);
      for (;;) {
        const next = await lines.next();
        if (next.done === true) {
          looked = next.value;
          break;
        }
        for await (const block of reader.read(next.value, to.position === 0)) {
          to.ordinal += block.length;
          yield block;
        }
        to.position += next.value.length;
        stretch.marks.add(next.value);
        looked = to.position;
        stretch.onProgress(to.position);
        // Never inside of what the ledger knows: a batch cut there would be another one.
        if (to.ordinal - from.ordinal >= STRETCH_RECORDS && to.ordinal >= knownUpTo) return;
        if (options.signal.aborted && to.ordinal >= knownUpTo) return;
      }
      const waitMs = until - performance.now();
      if (last || options.signal.aborted || to.ordinal === from.ordinal || waitMs <= 0) return;
      await pause(Math.min(LOOK_MS, waitMs), options.signal).catch(() => undefined);
      // Cut and written anew meanwhile: what follows the place is something else.
      if (!(await stretch.marks.hold(file))) return;
    }
  }

  const summary = await ingest.run({
    read: (settings) => read(settings.activeTimeoutSeconds),
    format: { name: format.name, version: format.version },
    options: readAs,
    sourceName: stretch.path,
    ...(from.ordinal > 0 ? { source: from.source, from: from.ordinal } : {}),
    onSource: (source) => {
      to.source = source.id;
      knownUpTo = source.knownUpTo;
    },
    ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
    ...(options.onWarning === undefined ? {} : { onWarning: options.onWarning }),
  });
  return { summary, to, looked };
}
