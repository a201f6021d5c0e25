import type { FileHandle } from 'node:fs/promises';

const READ_BYTES = 256 * 1024;
/** A line beyond this is passed on in pieces, so that a file without line breaks cannot fill the memory. */
const MOST_LINE_BYTES = 1024 * 1024;
const NEWLINE = 10;

/**
 * The complete lines of a file from a position to its present end, in pieces that end with a line break. What stands behind the last
 * line break is left for the next time, unless `last` says that nothing will come.
 */
export async function* completeLines(
  file: FileHandle,
  from: number,
  last: boolean,
): AsyncGenerator<Buffer, number> {
  let position = from;
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, position + rest.length);
    if (bytesRead === 0) break;
    const read = buffer.subarray(0, bytesRead);
    const text = rest.length === 0 ? read : Buffer.concat([rest, read]);
    const end = text.lastIndexOf(NEWLINE) + 1;
    const upTo = end > 0 ? end : text.length > MOST_LINE_BYTES ? text.length : 0;
    if (upTo > 0) yield text.subarray(0, upTo);
    position += upTo;
    rest = text.subarray(upTo);
  }
  if (last && rest.length > 0) {
    yield rest;
    position += rest.length;
    rest = rest.subarray(rest.length);
  }
  // Bytes that have been looked at: until there are more, looking again is of no use.
  return position + rest.length;
}

/** The first line of a file with its line break, or null while it is not complete. */
export async function firstLine(file: FileHandle): Promise<Buffer | null> {
  const buffer = Buffer.alloc(65_536);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE) + 1;
  if (end > 0) return buffer.subarray(0, end);
  return bytesRead === buffer.length ? buffer : null;
}
