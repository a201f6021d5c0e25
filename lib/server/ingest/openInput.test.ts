import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputCutError } from './formats';
import { decompressed, openInput } from './openInput';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-input-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${Math.imul(i, 2_654_435_761) >>> 0}`).join(
  '\n',
);

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<{ text: string; error: unknown }> {
  const read: Buffer[] = [];
  try {
    for await (const chunk of chunks) read.push(chunk);
  } catch (error) {
    return { text: Buffer.concat(read).toString(), error };
  }
  return { text: Buffer.concat(read).toString(), error: null };
}

test('gzip is recognised by content, in pieces of any size, several members after each other too', async () => {
  const zipped = Buffer.concat([gzipSync(text.slice(0, 1000)), gzipSync(text.slice(1000))]);
  for (const size of [1, 7, 65_536]) {
    const sized = size === 1 ? gzipSync('a few') : zipped;
    expect(await readAll(decompressed(pieces(sized, size), 'f'))).toEqual({
      text: size === 1 ? 'a few' : text,
      error: null,
    });
  }
  expect((await readAll(decompressed(pieces(Buffer.from(text), 1000), 'f'))).text).toBe(text);
  expect((await readAll(decompressed(pieces(Buffer.alloc(0), 1), 'f'))).text).toBe('');
});

test('a truncated gzip gives all that came before and an error that says so', async () => {
  const zipped = gzipSync(text);
  for (const share of [0.3, 0.9, 0.999]) {
    const { text: read, error } = await readAll(
      decompressed(pieces(zipped.subarray(0, Math.floor(zipped.length * share)), 4096), 'flows.gz'),
    );
    expect(error).toBeInstanceOf(InputCutError);
    expect(String(error)).toMatch(/flows\.gz is a truncated gzip file: .*get the whole file/);
    expect(text.startsWith(read)).toBe(true);
    expect(read.length).toBeGreaterThan(text.length * share * 0.9);
  }
});

test('a damaged gzip gives what came before and an error that says so', async () => {
  const zipped = gzipSync(text);
  zipped.fill(0xff, Math.floor(zipped.length / 2), Math.floor(zipped.length / 2) + 200);
  const { error } = await readAll(decompressed(pieces(zipped, 4096), 'flows.gz'));
  expect(String(error)).toMatch(/flows\.gz is a damaged gzip file/);
});

test('a file tells its size, how far it was read, and its problem once it came up', async () => {
  const path = join(folder, 'cut.gz');
  const zipped = gzipSync(text);
  await writeFile(path, zipped.subarray(0, 10_000));
  const input = openInput(path);
  expect(input.totalBytes).toBe(10_000);
  expect(input.problem()).toBeNull();
  await readAll(input.chunks);
  expect(input.bytesRead()).toBe(10_000);
  expect(input.problem()).toMatch(/truncated/);
});

test('what is no file is said before anything is read', () => {
  expect(() => openInput(join(folder, 'none'))).toThrow(/There is no file .*none\. Check the path/);
  expect(() => openInput(folder)).toThrow(/is a folder/);
});
