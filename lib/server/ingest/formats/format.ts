import 'server-only';
import type { ParsedRecord } from '../record';

export interface FormatOptions {
  /** IANA zone of times that carry none, such as 'UTC'. */
  zone?: string;
  /** Rate for records whose rate is unknown; 1 = not sampled. Sources that scale themselves ignore it. */
  samplingRate?: number;
  /** Active timeout of an exporter in seconds (default of the project: 1,800). */
  activeTimeoutSeconds: (exporter: string) => number;
  /** 'Now' in milliseconds since 1970, for the check on times in the future; default: the clock at the start of the read. */
  now?: number;
}

export interface Format {
  name: string;
  /** Raised whenever the same bytes would give other records. */
  version: number;
  /** True: nothing can be read without `zone`. */
  needsZone: boolean;
  /** True: counters are scaled before they are written, and `samplingRate` is ignored. */
  scaledAtSource: boolean;
  /**
   * Reads decompressed bytes as records, in their order, one ParsedRecord for each record of the input.
   * Throws FormatError before the first record when the options or the format cannot be right.
   * An input that throws InputCutError ends as one rejected record with reason `truncated`.
   */
  read(input: AsyncIterable<Buffer>, options: FormatOptions): AsyncIterable<ParsedRecord>;
  /** The same records in the same order, in blocks of any length: less overhead a record than `read`. */
  readBlocks(input: AsyncIterable<Buffer>, options: FormatOptions): AsyncIterable<ParsedRecord[]>;
  /**
   * The same for a plain file that can be read anywhere (Parquet is read from its end). Without it, or for a pipe, `readBlocks`
   * does the same by way of a temporary file.
   */
  readFile?(path: string, options: FormatOptions): AsyncIterable<ParsedRecord[]>;
}

/** The input cannot be read as asked; the message names the fix. Nothing has been yielded before it. */
export class FormatError extends Error {
  override name = 'FormatError';
}

/** Thrown by the byte source when its input ends too early (a cut gzip file); the message says where. */
export class InputCutError extends Error {
  override name = 'InputCutError';
}

/** The records of a format one by one. */
export async function* recordsOf(
  format: Format,
  input: AsyncIterable<Buffer>,
  options: FormatOptions,
): AsyncGenerator<ParsedRecord> {
  for await (const block of format.readBlocks(input, options)) yield* block;
}
