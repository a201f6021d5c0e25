import 'server-only';
import { isAscii } from 'node:buffer';
import type { ParsedRecord } from '../record';
import type { ReadContext } from './context';
import { type DetectedFormat, detectFormat, isText } from './detect';
import { type Format, FormatError, type FormatOptions, InputCutError, recordsOf } from './format';
import { detectMessages } from './protobufMessages';

/** A record is refused beyond this length, so that a broken file cannot fill the memory. */
export const MAX_RECORD_BYTES = 65_536;
/** Bytes that are read at a time; also the greatest block. */
const WINDOW_BYTES = 1_048_576;
/** Bytes from the beginning of an input that a format is told by, at most. */
export const HEAD_BYTES = 65_536;

/** Bytes of a window that are joined to what was left of the one before: more than most records have. */
const JOINED_BYTES = 8_192;

/** Turns bytes into records. Made anew for each input. */
export interface Decoder {
  /**
   * Reads the records that are complete in `buffer` into `out`.
   * @returns how many bytes are done with; the rest comes again, longer
   */
  push(buffer: Buffer, out: ParsedRecord[]): number;
  /** Reads what is left at the end of the input; an incomplete record becomes a rejected one. */
  end(buffer: Buffer, out: ParsedRecord[]): void;
}

/** How an input of one format is read. */
export interface Recipe {
  name: string;
  /** Checks the options, before a byte is read. */
  prepare: (options: FormatOptions) => ReadContext;
  /** Makes the decoder for an input that begins like this. */
  decoder: (head: Buffer, context: ReadContext) => Decoder;
}

/** A format out of a recipe and what people must know about it. */
export function formatOf(
  recipe: Recipe,
  about: Pick<Format, 'version' | 'needsZone' | 'scaledAtSource'>,
): Format {
  const format: Format = {
    name: recipe.name,
    ...about,
    readBlocks: (input, options) => readBlocks(recipe, input, options),
    read: (input, options) => recordsOf(format, input, options),
  };
  return format;
}

/**
 * Reads an input in blocks: joins its chunks, checks its head against the format, and ends a cut input with one rejected
 * record. Memory holds one window and one block.
 */
export async function* readBlocks(
  recipe: Recipe,
  input: AsyncIterable<Buffer>,
  options: FormatOptions,
): AsyncGenerator<ParsedRecord[]> {
  const context = recipe.prepare(options);
  let decoder: Decoder | null = null;
  let rest: Buffer = Buffer.alloc(0);
  let cut: string | null = null;

  const windows = windowsOf(input);
  for (;;) {
    let next: IteratorResult<Buffer>;
    try {
      next = await windows.next();
    } catch (error) {
      if (!(error instanceof InputCutError)) throw error;
      cut = error.message;
      break;
    }
    if (next.done === true) break;
    const window = next.value;
    const block: ParsedRecord[] = [];
    if (decoder === null) {
      rest = rest.length === 0 ? window : Buffer.concat([rest, window]);
      if (rest.length < HEAD_BYTES && !tellsItsFormat(rest)) continue;
      decoder = start(recipe, rest, context);
    } else {
      rest = joined(decoder, rest, window, block);
    }
    rest = rest.subarray(decoder.push(rest, block));
    if (block.length > 0) yield block;
  }

  const block: ParsedRecord[] = [];
  if (decoder === null && rest.length > 0) decoder = start(recipe, rest, context);
  if (decoder !== null) {
    rest = rest.subarray(decoder.push(rest, block));
    decoder.end(rest, block);
  }
  const last = block.at(-1);
  if (cut !== null && !(last?.ok === false && last.reason === 'truncated')) {
    block.push({ ok: false, reason: 'truncated', detail: cut, raw: '' });
  }
  if (block.length > 0) yield block;
}

/**
 * What is left to read where `rest` was left of the window before. The record in between is read by itself into `out`, because
 * joining the whole windows would copy every byte of the input once more.
 */
function joined(decoder: Decoder, rest: Buffer, window: Buffer, out: ParsedRecord[]): Buffer {
  if (rest.length === 0) return window;
  if (window.length <= JOINED_BYTES) return Buffer.concat([rest, window]);
  const seam = Buffer.concat([rest, window.subarray(0, JOINED_BYTES)]);
  const used = decoder.push(seam, out);
  if (used >= rest.length) return window.subarray(used - rest.length);
  return Buffer.concat([seam.subarray(used), window.subarray(JOINED_BYTES)]);
}

/**
 * Is this head, though short, enough to judge by? A file that grows must not wait for 64 KiB. Lines count when they are whole;
 * JSON when an object is closed.
 */
export function tellsItsFormat(head: Buffer): boolean {
  if (!isText(head)) return detectMessages(head, false) !== null || detectFormat(head)?.format === null;
  const whole = head.subarray(0, head.lastIndexOf(10) + 1);
  if (whole.length === 0 || detectFormat(whole) === null) return false;
  return !whole.includes('{') || !whole.includes('"') || whole.includes('}');
}

function start(recipe: Recipe, head: Buffer, context: ReadContext): Decoder {
  const found = detectFormat(head);
  if (found !== null && found.format !== recipe.name) throw wrongFormat(recipe.name, found);
  return recipe.decoder(head, context);
}

/** The error for an input that is not of the format it was said to be. */
function wrongFormat(name: string, found: DetectedFormat): FormatError {
  const what = `this is ${found.title} and not ${name}`;
  return new FormatError(
    found.format === null ? `${what}: ${found.fix}` : `${what}: pass --format ${found.format}`,
  );
}

/** The same bytes in pieces of at most one window. */
async function* windowsOf(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += WINDOW_BYTES) yield chunk.subarray(at, at + WINDOW_BYTES);
  }
}

/** Text of parts of a buffer. ASCII, the usual case, is decoded once and cut; anything else part by part as UTF-8. */
export class TextWindow {
  private readonly text: string | null;

  constructor(private readonly buffer: Buffer) {
    this.text = isAscii(buffer) ? buffer.toString('latin1') : null;
  }

  slice(start: number, end: number): string {
    return this.text === null ? this.buffer.toString('utf8', start, end) : this.text.substring(start, end);
  }
}
