import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux's file system in memory. */
const MEMORY = '/dev/shm';
/** What all tests store at once, with much to spare. */
const ROOM_BYTES = 4 * 1024 ** 3;
/** What the servers of three test files take, and their data. */
const FREE_BYTES = 8 * 1024 ** 3;

/**
 * One folder for everything that a run of tests stores: in memory where this machine has plenty of it, as servers under test write and
 * remove small files by the thousand, on which a disk's file system spends half as much time again as the servers do. TMPDIR names another place.
 * @returns removes it
 */
export default async function runFolder(): Promise<() => Promise<void>> {
  const before = process.env.TMPDIR;
  const base = before === undefined && (await hasRoom()) ? MEMORY : tmpdir();
  await removeAbandoned(base);
  const folder = await mkdtemp(join(base, `weir-tests-${process.pid}-`));
  // As root PostgreSQL runs as another account, which has to get through.
  await chmod(folder, 0o711);
  process.env.TMPDIR = folder;
  return async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(folder, { recursive: true, force: true });
  };
}

async function hasRoom(): Promise<boolean> {
  const found = await statfs(MEMORY).catch(() => null);
  return found !== null && found.bavail * found.bsize >= ROOM_BYTES && freemem() >= FREE_BYTES;
}

/** Runs that were killed leave theirs, and memory is scarcer than disk. */
async function removeAbandoned(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = /^weir-tests-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(base, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
