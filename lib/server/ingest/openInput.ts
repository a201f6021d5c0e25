import 'server-only';
import { createReadStream, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { InputCutError } from './formats';
import { isNfcapd, nfcapdAsJson } from './nfcapd';

/** Decompressed bytes of a file or of standard input, and how far reading has come. */
export interface Input {
  name: string;
  chunks: AsyncIterable<Buffer>;
  /** Bytes read so far, as they are on disk. */
  bytesRead(): number;
  /** Bytes on disk; null for a stream. */
  totalBytes: number | null;
  /** The file is one of nfcapd's own: `chunks` are nfdump's JSON of it, in UTC. */
  isNfcapd: boolean;
  /** What is wrong with the input, once reading has come upon it. */
  problem(): string | null;
}

const GZIP_MAGIC = [0x1f, 0x8b];

/** Opens a file, or standard input for '-'. Gzip is recognised by content, whatever the name. Throws when the file cannot be read. */
export function openInput(path: string, stdin: AsyncIterable<Buffer> = process.stdin): Input {
  const isStdin = path === '-';
  const totalBytes = isStdin ? null : sizeOf(path);
  const name = isStdin ? 'standard input' : path;
  const nfcapd = !isStdin && isNfcapd(path);
  let read = 0;
  let problem: string | null = null;

  async function* raw(): AsyncGenerator<Buffer> {
    const source: AsyncIterable<Buffer> = isStdin
      ? stdin
      : createReadStream(path, { highWaterMark: 256 * 1024 });
    for await (const chunk of source) {
      read += chunk.length;
      yield chunk;
    }
  }
  async function* noted(): AsyncGenerator<Buffer> {
    try {
      yield* nfcapd ? nfcapdAsJson(path) : decompressed(raw(), name);
    } catch (error) {
      if (error instanceof InputCutError) problem = error.message;
      throw error;
    }
  }
  return {
    name,
    chunks: noted(),
    bytesRead: () => read,
    totalBytes,
    isNfcapd: nfcapd,
    problem: () => problem,
  };
}

function sizeOf(path: string): number {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) throw new Error(`There is no file ${path}. Check the path.`);
  if (info.isDirectory()) throw new Error(`${path} is a folder. Name the files in it, such as ${path}/*.`);
  return info.size;
}

/** Passes bytes through, unzipped where they begin like gzip. A cut or damaged file gives what came before, then InputCutError. */
export async function* decompressed(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let ended = false;
  while (head.length < GZIP_MAGIC.length && !ended) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const rest = async function* (): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
  };
  if (GZIP_MAGIC.every((byte, i) => head[i] === byte)) yield* gunzipped(rest(), name);
  else yield* rest();
}

// Fed chunk by chunk and drained in between: an error destroys a stream together with what it has buffered, and the records before
// the cut would be lost.
async function* gunzipped(source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const output: Buffer[] = [];
  let failure: (Error & { code?: string }) | null = null;
  let bytes = 0;
  gunzip.on('data', (chunk: Buffer) => output.push(chunk));
  // Whoever waits when it fails is woken: neither the callback of a write nor 'end' comes then.
  let wake: () => void = () => undefined;
  gunzip.on('error', (error) => {
    failure = error;
    wake();
  });
  const drain = function* (): Generator<Buffer> {
    for (const chunk of output.splice(0)) {
      bytes += chunk.length;
      yield chunk;
    }
    if (failure !== null) throw cutError(failure, name, bytes);
  };
  for await (const chunk of source) {
    await new Promise<void>((resolve) => {
      wake = resolve;
      gunzip.write(chunk, () => resolve());
    });
    yield* drain();
  }
  await new Promise<void>((resolve) => {
    wake = resolve;
    gunzip.once('end', resolve);
    gunzip.end();
  });
  yield* drain();
}

function cutError(error: Error & { code?: string }, name: string, bytes: number): InputCutError {
  const after = `after ${bytes.toLocaleString('en-GB')} decompressed bytes`;
  return new InputCutError(
    error.code === 'Z_BUF_ERROR'
      ? `${name} is a truncated gzip file: it ends ${after}. What came before was read; get the whole file and import it again, only the rest will be added.`
      : `${name} is a damaged gzip file (${error.message}) ${after}. What came before was read; get an intact copy and import it again, only the rest will be added.`,
  );
}
