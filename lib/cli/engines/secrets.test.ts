import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets, readSecrets } from './secrets';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('loadSecrets', () => {
  it('makes different long passwords once, for the owner of the file only', async () => {
    expect(await readSecrets(file)).toBeNull();
    const secrets = await loadSecrets(file);
    const all = [...Object.values(secrets.clickhouse), secrets.postgres, secrets.nextAuth];
    expect(new Set(all).size).toBe(6);
    for (const secret of all) expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await loadSecrets(file)).toEqual(secrets);
  });

  it('closes a file that was left open to others', async () => {
    await loadSecrets(file);
    chmodSync(file, 0o644);
    await loadSecrets(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never replaces a damaged file, because the databases know those passwords', async () => {
    writeFileSync(file, '{"clickhouse": {');
    await expect(loadSecrets(file)).rejects.toThrow(/secrets\.json.* is damaged\. Restore it from a backup/);
  });
});
