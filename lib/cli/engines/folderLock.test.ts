import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderLockedError, joinHolder, lockFolder } from './folderLock';

let folder: string;
let lockFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-lock-'));
  lockFile = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stale = (port: number, pid = process.pid) =>
  JSON.stringify({
    pid,
    port,
    token: 'of-somebody-gone',
    command: 'npm run demo',
    since: '2026-01-01T00:00:00Z',
  });

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address && typeof address === 'object' ? address.port : 0);
    });
  });
}

describe('lockFolder', () => {
  it('gives the folder to one, and to the next after a release', async () => {
    const first = await lockFolder(folder, lockFile, 'npm run demo');
    expect(statSync(`${lockFile}.1`).mode & 0o777).toBe(0o600);
    const refused = await lockFolder(folder, lockFile, 'npm start').catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(FolderLockedError);
    expect(String(refused)).toContain(`process ${process.pid} (npm run demo)`);
    await first.release();
    const second = await lockFolder(folder, lockFile, 'npm start');
    await second.release();
    expect(readdirSync(folder)).toEqual(['lock.2']);
  });

  it('gives the folder to exactly one of twenty that come at once, over a stale lock', async () => {
    writeFileSync(`${lockFile}.7`, stale(1));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => lockFolder(folder, lockFile, `command ${i}`)),
    );
    const winners = results.filter((r) => r.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const r of results) if (r.status === 'rejected') expect(r.reason).toBeInstanceOf(FolderLockedError);
    await winners[0]?.value.release();
    expect(readdirSync(folder)).toEqual(['lock.8']);
  });

  it('takes over from a holder that is gone, even when its process number lives on in another program', async () => {
    writeFileSync(`${lockFile}.7`, stale(1, process.ppid));
    await (await lockFolder(folder, lockFile, 'npm start')).release();
  });

  it('takes over when another program listens on the port of the holder now', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    writeFileSync(`${lockFile}.7`, stale(await portOf(other)));
    await (await lockFolder(folder, lockFile, 'npm start')).release();
    other.close();
  });

  it('takes over a damaged lock file', async () => {
    writeFileSync(`${lockFile}.7`, '{"pid": 12');
    await (await lockFolder(folder, lockFile, 'npm start')).release();
  });

  it('does not take over from a holder that is paused and answers nothing', async () => {
    const paused = createServer(() => {});
    writeFileSync(`${lockFile}.7`, stale(await portOf(paused)));
    await expect(lockFolder(folder, lockFile, 'npm start')).rejects.toBeInstanceOf(FolderLockedError);
    paused.close();
  });

  it('takes over from a holder that was killed', async () => {
    const module = fileURLToPath(new URL('./folderLock.ts', import.meta.url));
    const script = `import(${JSON.stringify(module)}).then(async (m) => {
      await m.lockFolder(${JSON.stringify(folder)}, ${JSON.stringify(lockFile)}, 'npm run demo');
      console.log('held');
      setInterval(() => {}, 1000);
    })`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(lockFolder(folder, lockFile, 'npm start')).rejects.toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await (await lockFolder(folder, lockFile, 'npm start')).release();
  });
});

describe('joinHolder', () => {
  it('finds nobody where nobody is', async () => {
    expect(await joinHolder(lockFile)).toBeNull();
    writeFileSync(`${lockFile}.7`, stale(1));
    expect(await joinHolder(lockFile)).toBeNull();
  });

  it('keeps the holder waiting until everybody has left', async () => {
    const lock = await lockFolder(folder, lockFile, 'npm run ingest');
    const one = await joinHolder(lockFile);
    const two = await joinHolder(lockFile);
    expect(one?.holder.command).toBe('npm run ingest');
    const order: string[] = [];
    const unused = lock.unused().then(() => order.push('unused'));
    one?.leave();
    await joinHolder(lockFile).then((three) => three?.leave());
    order.push('two leaves');
    two?.leave();
    await unused;
    expect(order).toEqual(['two leaves', 'unused']);
    await lock.release();
  });
});
