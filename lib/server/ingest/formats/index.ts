import 'server-only';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ParsedRecord } from '../record';
import { akvoradoCsv } from './akvoradoCsv';
import { akvoradoJson } from './akvoradoJson';
import { awsVpc } from './awsVpc';
import { type DetectedFormat, detectFormat, guessFormat as guess } from './detect';
import { type Format, FormatError, type FormatOptions } from './format';
import { goflow2Json } from './goflow2Json';
import { goflow2Protobuf } from './goflow2Protobuf';
import { nfdumpCsv } from './nfdumpCsv';
import { nfdumpJson } from './nfdumpJson';
import { pmacctCsv } from './pmacctCsv';
import { pmacctJson } from './pmacctJson';
import { weirNdjson } from './weirNdjson';
import { weirParquet } from './weirParquet';

export { type DetectedFormat, detectFormat } from './detect';
export * from './format';
export { headOf } from './headOf';

/** Readers by name. */
export const formats: Record<string, Format> = Object.fromEntries(
  [
    nfdumpJson,
    nfdumpCsv,
    pmacctJson,
    pmacctCsv,
    goflow2Json,
    goflow2Protobuf,
    awsVpc,
    akvoradoJson,
    akvoradoCsv,
    weirNdjson,
    weirParquet,
  ].map((format) => [format.name, format]),
);

/**
 * The reader of that name.
 * @param head first bytes of the input (decompressed), to name the likely right format; without it the name has to do
 * @throws FormatError where there is none
 */
export function formatNamed(name: string, head?: Buffer): Format {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  const known = Object.keys(formats).join(', ');
  const found: DetectedFormat | null = head === undefined ? null : detectFormat(head);
  const near = nearest(name, Object.keys(formats));
  const hint =
    found === null
      ? near === null
        ? ''
        : `; did you mean --format ${near}?`
      : found.format === null
        ? `; this input is ${found.title}: ${found.fix}`
        : `; this input looks like ${found.format}: pass --format ${found.format}`;
  throw new FormatError(`there is no format "${name}": the formats are ${known}${hint}`);
}

/**
 * The format of an input that was given none, by its first bytes (decompressed; 64 KiB are plenty).
 * @throws FormatError that lists the formats where nothing is certain, or says what to do about an input that is no flow records
 */
export function guessFormat(head: Buffer): DetectedFormat & { format: string } {
  return guess(head, Object.keys(formats));
}

/**
 * Reads a file's records: by ranges where the format can and the file is plain, else from its bytes.
 * @param chunks the decompressed bytes of the same file
 */
export function readPlace(
  format: Format,
  path: string,
  chunks: AsyncIterable<Buffer>,
  options: FormatOptions,
): AsyncIterable<ParsedRecord[]> {
  return format.readFile !== undefined && isPlainFile(path)
    ? format.readFile(path, options)
    : format.readBlocks(chunks, options);
}

/** Is it a file, and not compressed? */
function isPlainFile(path: string): boolean {
  if (path === '-') return false;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(2);
    return fstatSync(file).isFile() && !(readSync(file, head) === 2 && head.readUInt16BE() === 0x1f8b);
  } finally {
    closeSync(file);
  }
}

/** What of the options has no effect on this format, for a warning. */
export function unusedOptions(format: Format, options: { samplingRate?: number }): string[] {
  if (options.samplingRate === undefined || !format.scaledAtSource) return [];
  return [
    `--sampling-rate ${options.samplingRate} has no effect: the counters of ${format.name} are whole already, and are never multiplied`,
  ];
}

/** The known name that shares the most with a wrong one: the tool's name, or nearly all of it. */
function nearest(name: string, known: readonly string[]): string | null {
  const words = new Set(name.toLowerCase().split(/[^a-z0-9]+/));
  const scored = known.map((candidate) => ({
    candidate,
    score: candidate.split('-').filter((word) => words.has(word)).length,
  }));
  const best = scored.sort((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score > 0 ? best.candidate : null;
}
