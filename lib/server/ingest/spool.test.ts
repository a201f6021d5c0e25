import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool, type SpooledBatch } from './spool';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const batch = (bytes: number): SpooledBatch => ({
  payload: Buffer.alloc(bytes, 7),
  rejections: [{ offset: 3, reason: 'malformed', detail: 'd', record: 'ü' }],
  exporters: [
    {
      hourMs: 0,
      exporter: 'e',
      sourceFormat: 'f',
      exportVersion: 'ipfix',
      obsDomain: 1,
      accepted: 2,
      duplicates: 0,
      rejected: 1,
      flagged: 0,
      numbered: 3,
      stretches: [{ from: 1, to: 2, first: 3, span: 4, received: 3 }],
      parallel: false,
      tooMany: false,
    },
  ],
  judgedAtMs: 1_000,
});

test('a batch is read back as written, before and after it was sent, by another process too', async () => {
  const spool = new Spool(folder);
  await spool.write('a', batch(1000));
  expect(await new Spool(folder).read('a')).toEqual(batch(1000));
  await spool.markSent('a');
  expect(await new Spool(folder).read('a')).toEqual(batch(1000));
  expect(await spool.read('b')).toBeNull();
});

test('a damaged file counts as not there', async () => {
  const spool = new Spool(folder);
  await spool.write('a', batch(1000));
  const path = join(folder, 'a.pending');
  const bytes = await readFile(path);
  bytes[bytes.length - 1] = 0;
  await writeFile(path, bytes);
  expect(await spool.read('a')).toBeNull();
});

test('the newest sent batches stay within the bound; unsent ones always do', async () => {
  const spool = new Spool(folder, 7_000);
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await spool.write(id, batch(1500));
    if (id !== 'a') await spool.markSent(id);
  }
  expect((await readdir(folder)).sort()).toEqual(['a.pending', 'd.sent', 'e.sent', 'f.sent']);
});

test('a folder that cannot be written stops the import before anything is sent', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(new Spool(join(file, 'spool')).write('a', batch(10))).rejects.toThrow(
    /ENOTDIR|cannot be written/,
  );
});

test('after a crash stored batches are marked, and old ones that never reached the ledger go', async () => {
  const spool = new Spool(folder);
  for (const id of ['stored', 'unfinished', 'new', 'forgotten']) await spool.write(id, batch(10));
  await writeFile(join(folder, 'half.writing'), 'x');
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  for (const name of ['forgotten.pending', 'unfinished.pending', 'half.writing']) {
    await utimes(join(folder, name), longAgo, longAgo);
  }
  await spool.tidy(async () => ({ committed: new Set(['stored']), unknown: new Set(['new', 'forgotten']) }));
  expect((await readdir(folder)).sort()).toEqual(['new.pending', 'stored.sent', 'unfinished.pending']);
});
