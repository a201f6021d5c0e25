import 'server-only';
import { resolve } from 'node:path';
import {
  type Format,
  FormatError,
  formatNamed,
  guessFormat,
  headOf,
  readPlace,
  unusedOptions,
} from './formats';
import type { Ingest } from './ingest';
import { type Input, openInput } from './openInput';
import type { ParsedRecord } from './record';
import type { IngestSummary } from './summary';

export interface FileImport {
  /** Path of a file (gzip or plain), or '-' for standard input. */
  path: string;
  /** Name of a format; without it the content decides, and `onGuess` says what it was taken for. */
  format?: string;
  /** IANA zone of times that carry none, such as UTC. */
  zone?: string;
  samplingRate?: number;
  batchSize?: number;
  onProgress?(soFar: IngestSummary, input: Input): void;
  onWarning?(text: string): void;
  onGuess?(text: string): void;
  signal?: AbortSignal;
}

export interface FileImported {
  summary: IngestSummary;
  /** What is wrong with the file although records came out of it: a truncated gzip, for example. */
  problem: string | null;
  /** False: it was stopped before the end of the file. */
  complete: boolean;
}

/**
 * Stores one file or standard input.
 * @throws FormatError when format, zone or rate cannot be right; Error when the file cannot be opened; IngestError when storing fails
 */
export async function ingestFile(ingest: Ingest, file: FileImport): Promise<FileImported> {
  // A name that is wrong must be said before the file is opened.
  if (file.format !== undefined) checked({ ...file, format: file.format });
  const input = openInput(file.path);
  const { format, chunks } = await formatOf(file, input);
  for (const text of unusedOptions(format, file)) file.onWarning?.(text);
  if (input.isNfcapd && format.name !== 'nfdump-json') {
    throw new FormatError(
      `${file.path} is a file of nfcapd and not ${format.name}: pass --format nfcapd, which reads it through nfdump`,
    );
  }
  // nfdump is run in UTC for those, whatever the clock of the collector.
  const options = input.isNfcapd ? { zone: 'UTC' } : readOptions({ ...file, format: format.name }, format);
  let records = 0;
  let ended = false;
  async function* read(activeTimeoutSeconds: (exporter: string) => number): AsyncGenerator<ParsedRecord[]> {
    for await (const block of readPlace(format, file.path, chunks, { ...options, activeTimeoutSeconds })) {
      records += block.length;
      yield block;
    }
    ended = true;
  }
  const summary = await ingest.run({
    read: (settings) => read(settings.activeTimeoutSeconds),
    format: { name: format.name, version: format.version },
    options,
    sourceName: file.path === '-' ? 'standard input' : resolve(file.path),
    // What a pipe such as `tail -f` has brought is stored when it pauses, not when a whole batch is together.
    ...(file.path === '-' ? { idleMs: 2_000 } : {}),
    onProgress: (soFar) => file.onProgress?.(soFar, input),
    ...(file.batchSize === undefined ? {} : { batchSize: file.batchSize }),
    ...(file.onWarning === undefined ? {} : { onWarning: file.onWarning }),
    ...(file.signal === undefined ? {} : { signal: file.signal }),
  });
  return { summary, problem: input.problem(), complete: ended && records === summary.records };
}

/** The format of an import and its bytes: as named, or else by content. */
async function formatOf(
  file: FileImport,
  input: Input,
): Promise<{ format: Format; chunks: AsyncIterable<Buffer> }> {
  if (file.format !== undefined) {
    return { format: checked({ ...file, format: file.format }), chunks: input.chunks };
  }
  if (input.isNfcapd) {
    file.onGuess?.(`looks like a file of nfcapd: reading it as --format ${NFCAPD}`);
    return { format: formatNamed('nfdump-json'), chunks: input.chunks };
  }
  const { head, chunks } = await headOf(input.chunks);
  const found = guessFormat(head);
  file.onGuess?.(`looks like ${found.title}: reading it as --format ${found.format}`);
  return { format: checked({ ...file, format: found.format }), chunks };
}

/** Name under which files of nfcapd are imported: nfdump turns them into JSON. */
export const NFCAPD = 'nfcapd';

/** The format of an import, after all that can be checked without reading. Throws FormatError. */
export function checked(file: { format: string; zone?: string }): Format {
  if (file.format === NFCAPD) return formatNamed('nfdump-json');
  const format = formatNamed(file.format);
  if (format.needsZone && file.zone === undefined) {
    throw new FormatError(
      `${format.name} has no time zone of its own: pass --zone with the zone of the collector's clock, for example --zone UTC`,
    );
  }
  return format;
}

/** The options that change records, as the ledger keeps them. */
export function readOptions(
  file: { format: string; zone?: string; samplingRate?: number },
  format: Format,
): { zone?: string; samplingRate?: number } {
  if (file.format === NFCAPD) return { zone: 'UTC' };
  return {
    ...(file.zone === undefined ? {} : { zone: file.zone }),
    ...(file.samplingRate === undefined || format.scaledAtSource ? {} : { samplingRate: file.samplingRate }),
  };
}
