import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ticks of a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of processor time that a process has used, all threads together; null where /proc does not tell (macOS) or it is gone. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; fields are counted behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return null;
  }
}

/** Process id of the ClickHouse that runs in a data folder, by its own status file; null where there is none. */
export async function pidOfServer(clickhouseFolder: string): Promise<number | null> {
  const status = await readFile(join(clickhouseFolder, 'server', 'status'), 'utf8').catch(() => '');
  const pid = /^PID: (\d+)/m.exec(status)?.[1];
  return pid === undefined ? null : Number(pid);
}
