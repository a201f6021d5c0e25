import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { z } from 'zod';

const PROBE_DEADLINE_MS = 2_000;

const holderSchema = z.object({
  pid: z.number().int(),
  /** Loopback port on which the holder says its token for as long as it lives. */
  port: z.number().int(),
  token: z.string(),
  /** What it is, for people: `npm run demo`. */
  command: z.string(),
  since: z.string(),
});
export type LockHolder = z.infer<typeof holderSchema>;

/** Somebody else runs in this folder. */
export class FolderLockedError extends Error {
  override name = 'FolderLockedError';
  constructor(
    readonly folder: string,
    readonly holder: LockHolder,
  ) {
    super(
      `Weir already runs in ${folder}: process ${holder.pid} (${holder.command}), since ${holder.since}. Stop it with Ctrl-C where it runs or with \`kill ${holder.pid}\`, or use another folder: WEIR_DATA=… in front of the command.`,
    );
  }
}

export interface FolderLock {
  holder: LockHolder;
  /** Resolves when no other command uses this instance any more. */
  unused(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Makes this process the only one that runs in a folder. Whether a holder lives is found out by talking to it: a
 * process number may belong to another program by now, a connection cannot.
 *
 * The lock is the file `lock.N` with the greatest N. A dead holder's file is never taken away, which could hit the
 * file of somebody quicker, but followed by N + 1, which only one process can make.
 * @throws FolderLockedError when another process holds it
 */
export async function lockFolder(folder: string, lockFile: string, command: string): Promise<FolderLock> {
  const token = randomBytes(16).toString('hex');
  const users = new Set<Socket>();
  let noUsers: (() => void) | undefined;
  const server = createServer((socket) => {
    users.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      users.delete(socket);
      if (users.size === 0) noUsers?.();
    });
    socket.resume();
    socket.write(`${token}\n`);
  });
  const port = await listen(server);
  server.unref();
  const holder: LockHolder = { pid: process.pid, port, token, command, since: new Date().toISOString() };
  try {
    await take(folder, lockFile, holder);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    holder,
    unused: () =>
      new Promise((resolve) => {
        noUsers = resolve;
        if (users.size === 0) resolve();
      }),
    release: async () => {
      for (const socket of users) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The living holder of a folder, with a connection that tells it that it is used until `leave` is called; or null. */
export async function joinHolder(
  lockFile: string,
): Promise<{ holder: LockHolder; leave: () => void } | null> {
  const { holder } = await latest(lockFile);
  if (!holder) return null;
  const socket = await greet(holder);
  return socket ? { holder, leave: () => socket.destroy() } : null;
}

async function take(folder: string, lockFile: string, holder: LockHolder): Promise<void> {
  const mine = `${lockFile}.${holder.token}`;
  await writeFile(mine, `${JSON.stringify(holder, null, 2)}\n`, { mode: 0o600 });
  try {
    for (;;) {
      const found = await latest(lockFile);
      const alive = found.holder && (await greet(found.holder));
      if (alive && found.holder) {
        alive.destroy();
        throw new FolderLockedError(folder, found.holder);
      }
      const number = found.number + 1;
      if (!(await linked(mine, `${lockFile}.${number}`))) continue;
      // Where others were quicker and cleaned up, our number may be an old one that had become free.
      if ((await latest(lockFile)).number === number) return await removeBelow(lockFile, number);
      await rm(`${lockFile}.${number}`, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function numbers(lockFile: string): Promise<number[]> {
  const prefix = `${basename(lockFile)}.`;
  const names = await readdir(dirname(lockFile));
  return names.flatMap((name) => {
    const number = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    return /^\d{1,15}$/.test(number) ? [Number(number)] : [];
  });
}

async function latest(lockFile: string): Promise<{ number: number; holder: LockHolder | null }> {
  const number = Math.max(0, ...(await numbers(lockFile).catch(() => [])));
  return { number, holder: number === 0 ? null : await readHolder(`${lockFile}.${number}`) };
}

async function removeBelow(lockFile: string, number: number): Promise<void> {
  for (const old of await numbers(lockFile))
    if (old < number) await rm(`${lockFile}.${old}`, { force: true });
}

/** Gives a file a second name, which only one process can. @returns false when the name is taken */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].some((code) => isCode(error, code))) throw error;
  }
  // A file system without links: the name is as exclusive, only its content comes a moment later.
  try {
    await writeFile(to, await readFile(from), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<LockHolder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      if (address && typeof address === 'object') resolve(address.port);
      else reject(new Error('The system gave no free port on 127.0.0.1.'));
    });
  });
}

/** An open connection to the holder if it is who it says; null if nobody is there or somebody else. */
function greet(holder: LockHolder): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: holder.port });
    let text = '';
    const finish = (answer: Socket | null) => {
      clearTimeout(timer);
      if (!answer) socket.destroy();
      resolve(answer);
    };
    // A stopped process (Ctrl-Z) accepts connections and says nothing: it holds the folder all the same.
    const timer = setTimeout(() => finish(isAlive(holder.pid) ? socket : null), PROBE_DEADLINE_MS);
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(null));
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) finish(text.trim() === holder.token ? socket : null);
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
