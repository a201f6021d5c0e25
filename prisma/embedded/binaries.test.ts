import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLinks } from './binaries';

let native: string;
beforeEach(() => {
  native = join(mkdtempSync(join(tmpdir(), 'weir-binaries-')), 'native');
  mkdirSync(join(native, 'lib'), { recursive: true });
  writeFileSync(join(native, 'lib/libpq.so.5.18'), 'library');
  writeFileSync(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    ]),
  );
});
afterEach(() => rmSync(join(native, '..'), { recursive: true, force: true }));

describe('makeLinks', () => {
  it('makes the links that an install without scripts has left out', async () => {
    await makeLinks(native);
    expect(readFileSync(join(native, 'lib/libpq.so.5'), 'utf8')).toBe('library');
    expect(readlinkSync(join(native, 'lib/libpq.so'))).toBe('libpq.so.5.18');
  });

  it('leaves links alone that are there', async () => {
    await makeLinks(native);
    await makeLinks(native);
    expect(readlinkSync(join(native, 'lib/libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('has nothing to do for a platform whose package has no list', async () => {
    rmSync(join(native, 'pg-symlinks.json'));
    await expect(makeLinks(native)).resolves.toBeUndefined();
  });
});
