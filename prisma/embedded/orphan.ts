import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '@/lib/server/process/waitUntil';

const run = promisify(execFile);
const STOP_DEADLINE_MS = 20_000;

/** The process that holds this data folder, by PostgreSQL's own lock file; null when there is no such file. */
export async function serverPid(cluster: string): Promise<number | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : null;
}

/**
 * Ends a server that outlived its guard (killed by hand) and still holds our data. The caller owns the folder, so
 * nobody else can be using that server.
 * @throws when it does not go
 */
export async function endOrphan(cluster: string): Promise<void> {
  const pid = await serverPid(cluster);
  if (pid === null || !(await isServerOf(pid, cluster))) return;
  process.kill(pid, 'SIGINT');
  await waitUntil(
    async () => ((await isServerOf(pid, cluster)) ? undefined : true),
    STOP_DEADLINE_MS,
    () =>
      new Error(
        `An earlier PostgreSQL (process ${pid}) still holds ${cluster} and does not stop. End it with \`kill -QUIT ${pid}\` and start again.`,
      ),
    100,
  );
}

/** The lock file may be left from before a restart of the machine, when the number belongs to somebody else now. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  return (await commandLine(pid)).includes(cluster);
}

/** Arguments of a process; empty where there is none. Small containers have /proc and no `ps`, macOS the other way round. */
async function commandLine(pid: number): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    const answer = await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return answer.stdout;
  }
}
