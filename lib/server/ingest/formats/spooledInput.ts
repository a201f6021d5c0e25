import 'server-only';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FormatError, InputCutError } from './format';

/** Bytes of an input that are kept on disk at most. */
const LIMIT_BYTES = 4 * 1024 ** 3;

/** An input as a temporary file. */
export interface SpooledInput {
  path: string;
  /** Why the input ended too early, or null. */
  cut: string | null;
  remove(): Promise<void>;
}

/**
 * Writes an input to a temporary file, for formats that are read from the end.
 * @returns null where the input is empty
 * @throws FormatError beyond 4 GiB
 */
export async function spooled(
  input: AsyncIterable<Buffer>,
  limitBytes: number = LIMIT_BYTES,
): Promise<SpooledInput | null> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-parquet-'));
  const path = join(folder, 'input.parquet');
  const remove = () => rm(folder, { recursive: true, force: true });
  let bytes = 0;
  let cut: string | null = null;
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of input) {
        bytes += chunk.length;
        if (bytes > limitBytes) {
          throw new FormatError(
            `more than ${limitBytes / 1024 ** 3} GiB of Parquet came through a pipe: name the file instead of piping it, or split it`,
          );
        }
        await file.write(chunk);
      }
    } catch (error) {
      if (!(error instanceof InputCutError)) throw error;
      cut = error.message;
    } finally {
      await file.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
  if (bytes > 0) return { path, cut, remove };
  await remove();
  return null;
}
