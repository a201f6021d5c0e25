import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, select } from '@/lib/server/ingest/connect';
import { withClickHouse } from '../engines/withTargets';
import { liveLines, randomFrom } from './liveLines';
import { processTree } from './processTree';

/**
 * `npx tsx --conditions=react-server lib/cli/soak/run.ts [--minutes 30] [--rate 75] [--port 4950]`: a dashboard of its own in an empty
 * folder, a file that grows by that many records a second (the demo's live feed has about 7.5), `npm run ingest -- --follow` on it, and
 * every half minute how far behind the newest stored record is and what each process takes. Loopback only; removes what it made.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string' }, rate: { type: 'string' }, port: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 30);
const rate = Number(values.rate ?? 75);
const SAMPLE_MS = 30_000;
const TICK_MS = 500;

interface Sample {
  minute: number;
  written: number;
  stored: number;
  /** seconds between the newest record that was written and the newest that can be asked for */
  lag: number;
  memory: Record<string, number>;
  cpu: Record<string, number>;
}

const folder = await mkdtemp(join(tmpdir(), 'weir-soak-'));
process.env.WEIR_DATA = join(folder, 'data');
const file = join(folder, 'goflow2.json');
const children: ChildProcess[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function begin(args: string[]): { child: ChildProcess; ready(pattern: RegExp): Promise<void> } {
  const child = spawn('npm', ['run', '-s', ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  children.push(child);
  let output = '';
  const listeners: (() => void)[] = [];
  const hear = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return {
    child,
    ready: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(output)) resolve();
        };
        listeners.push(look);
        child.once('exit', (code) =>
          reject(new Error(`npm run ${args.join(' ')} ended (${code}):\n${output}`)),
        );
        look();
      }),
  };
}

const samples: Sample[] = [];

/** Writes records at the rate until the time is over, and samples. */
async function feed(newest: () => Promise<{ records: number; newestMs: number }>): Promise<void> {
  const random = randomFrom(1);
  const started = Date.now();
  let written = 0;
  let newestWritten = 0;
  let nextSample = started + SAMPLE_MS;
  say('| minute | written | stored | lag s | memory MiB |\n|---:|---:|---:|---:|---|');
  while (Date.now() < started + minutes * 60_000) {
    const due = Math.floor(((Date.now() - started) / 1000) * rate) - written;
    if (due > 0) {
      const now = Date.now();
      await appendFile(file, liveLines(due, now, written, random));
      written += due;
      newestWritten = now;
    }
    if (Date.now() >= nextSample) {
      nextSample += SAMPLE_MS;
      const stored = await newest();
      const figures = (await Promise.all(children.map(({ pid }) => processTree(pid ?? 0)))).flat();
      const sum = (key: 'memory' | 'cpu'): Record<string, number> => {
        const sums: Record<string, number> = {};
        for (const one of figures)
          if (one.name !== 'other') sums[one.name] = Math.round((sums[one.name] ?? 0) + one[key]);
        return sums;
      };
      const sample: Sample = {
        minute: (Date.now() - started) / 60_000,
        written,
        stored: stored.records,
        lag: Math.max(0, (newestWritten - stored.newestMs) / 1000),
        memory: sum('memory'),
        cpu: sum('cpu'),
      };
      samples.push(sample);
      say(
        `| ${sample.minute.toFixed(1)} | ${sample.written} | ${sample.stored} | ${sample.lag.toFixed(1)} | ${Object.entries(
          sample.memory,
        )
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')} |`,
      );
    }
    await delay(TICK_MS);
  }
}

try {
  const dashboard = begin(['start', '--', '--port', values.port ?? '4950']);
  await dashboard.ready(/Dashboard\s+http/);
  await writeFile(file, '');
  begin(['ingest', '--', '--format', 'goflow2-json', '--follow', file]);
  await withClickHouse(async (target) => {
    const client = connect(target, 'reader');
    try {
      await feed(async () => {
        const [row] = await select<{ records: string; newest: string }>(
          client,
          `SELECT count() AS records, toString(toUnixTimestamp(max(ts_recv))) AS newest FROM ${target.database}.flows`,
        );
        return { records: Number(row?.records ?? 0), newestMs: 1000 * Number(row?.newest ?? 0) };
      });
    } finally {
      await client.close();
    }
  });
  const last = samples.at(-1);
  if (last) {
    say(`CPU seconds: ${JSON.stringify(last.cpu)} for ${last.stored} records`);
    for (const name of Object.keys(last.memory)) {
      const half = samples.slice(Math.floor(samples.length / 2));
      const values = half.map(({ memory }) => memory[name] ?? 0);
      say(
        `${name}: second half from ${Math.min(...values)} to ${Math.max(...values)} MiB, last ${values.at(-1)}`,
      );
    }
    const lags = samples.map(({ lag }) => lag);
    say(
      `lag: first half at most ${Math.max(...lags.slice(0, lags.length / 2)).toFixed(1)} s, second half ${Math.max(...lags.slice(lags.length / 2)).toFixed(1)} s`,
    );
  }
} finally {
  for (const { pid } of children.reverse()) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGINT');
    } catch {
      // It has ended by itself.
    }
  }
  await Promise.all(
    children.map((child) =>
      child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : undefined,
    ),
  );
  await rm(folder, { recursive: true, force: true });
}
