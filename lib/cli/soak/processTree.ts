import { readdir, readFile } from 'node:fs/promises';

export interface ProcessFigures {
  pid: number;
  name: string;
  /** resident memory, MiB */
  memory: number;
  /** CPU seconds since it began */
  cpu: number;
}

/** Ticks of /proc/PID/stat a second; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Processes below one, itself included, with memory and CPU. Linux only. */
export async function processTree(root: number): Promise<ProcessFigures[]> {
  const all = new Map<number, { parent: number; figures: ProcessFigures }>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const pid = Number(entry);
    // A process may end between the listing and the reading.
    const [stat, status, command] = await Promise.all(
      ['stat', 'status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    if (!stat || !status) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const rss = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
    all.set(pid, {
      parent: Number(fields[1]),
      figures: {
        pid,
        name: nameOf(command ?? ''),
        memory: Number(rss ?? 0) / 1024,
        cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
      },
    });
  }
  const found: ProcessFigures[] = [];
  const below = [root];
  for (let pid = below.shift(); pid !== undefined; pid = below.shift()) {
    const one = all.get(pid);
    if (one) found.push(one.figures);
    for (const [child, { parent }] of all) if (parent === pid) below.push(child);
  }
  return found;
}

function nameOf(command: string): string {
  const text = command.replaceAll('\0', ' ');
  if (text.includes('embedded/engine.mjs')) return 'ClickHouse';
  if (/postgres/.test(text)) return 'PostgreSQL';
  if (/next-server|next\/dist|next start/.test(text)) return 'web server';
  if (/lib\/cli\/ingest\.ts/.test(text) && /node /.test(text) && !/npm|prisma\/generate/.test(text))
    return 'ingest';
  if (/lib\/cli\/start\.ts/.test(text) && /node /.test(text) && !/npm|prisma\/generate/.test(text))
    return 'supervisor';
  return 'other';
}
