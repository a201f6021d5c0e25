import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { processTree } from '../../soak/processTree';
import { projectRoot } from '../../web/build';
import { startWebServer } from '../../web/server';

/** A program that is killed and started again. */
export interface Victim {
  /** SIGKILL for all its processes. Resolves when they are gone. */
  kill(): Promise<void>;
  /** Asks it to end, as Ctrl-C does, and resolves when it has. @throws Error where it does not end */
  end(): Promise<void>;
}

const DEADLINE_MS = 120_000;

/** `npm run ingest -- --follow`, which finds the engines of the instance that runs in the data folder. */
export function startFollow(data: string, paths: string[]): Victim {
  const args = [
    ...['--format', 'weir-ndjson', '--follow', '--batch-size', '1000'],
    ...['--flush', '0.2', '--settle', '0.1', '--pattern', 'flows.*.json'],
  ];
  const child = spawn('npm', ['run', '-s', 'ingest', '--', ...args, ...paths], {
    cwd: projectRoot,
    env: { ...ownEnv(), WEIR_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: npm, its shell and the command are killed at once.
    detached: true,
  });
  logTo(child, join(data, 'logs', 'follow.log'));
  const group = -(child.pid ?? Number.NaN);
  groups.add(group);
  child.once('close', () => groups.delete(group));
  return victimOf(child, (signal) => process.kill(group, signal));
}

// They would outlive this process, with which everything else that it started ends.
const groups = new Set<number>();
process.once('exit', () => {
  for (const group of groups) process.kill(group, 'SIGKILL');
});

/** The route module of POST /api/ingest in a process of its own. */
export async function startRoute(env: Record<string, string>, port: number, logs: string): Promise<Victim> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--conditions=react-server'],
      fileURLToPath(new URL('./serveRoute.ts', import.meta.url)),
      ...[join(projectRoot, 'app/api/ingest/route.ts'), String(port)],
    ],
    { cwd: projectRoot, env: { ...ownEnv(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  logTo(child, join(logs, 'route.log'));
  const victim = victimOf(child, (signal) => void child.kill(signal));
  await listening(child);
  return victim;
}

/** The built app, as `npm start` serves it. */
export async function startApp(env: Record<string, string>, port: number, logs: string): Promise<Victim> {
  const web = await startWebServer({ port, dev: false, env, logFile: join(logs, 'web.log') });
  return {
    async kill() {
      for (const { pid, name } of await processTree(process.pid))
        if (name === 'web server') process.kill(pid, 'SIGKILL');
      await web.exited;
    },
    end: () => web.stop(),
  };
}

function victimOf(child: ChildProcess, signal: (signal: NodeJS.Signals) => void): Victim {
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  // Not its exit: npm may be gone before the command that it runs, which holds on to the pipes.
  let closed = false;
  child.once('close', () => {
    closed = true;
  });
  const untilClosed = (): Promise<true> =>
    waitUntil(
      () => (closed ? true : undefined),
      DEADLINE_MS,
      () => new Error(`${child.spawnargs.join(' ')} does not end`),
    );
  return {
    async kill() {
      if (!running()) throw new Error(`${child.spawnargs.join(' ')} ended by itself (${child.exitCode})`);
      signal('SIGKILL');
      await untilClosed();
    },
    async end() {
      if (running()) signal('SIGINT');
      await untilClosed();
    },
  };
}

async function listening(child: ChildProcess): Promise<void> {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
  });
  await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`the route ended with ${child.exitCode}`);
      return output.includes('listening') ? true : undefined;
    },
    DEADLINE_MS,
    () => new Error('the route does not listen'),
  );
}

function logTo(child: ChildProcess, file: string): void {
  const log = createWriteStream(file, { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
}

/** The environment without servers of somebody else, and without what a test runner adds. */
function ownEnv(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production', CLICKHOUSE_URL: '', DATABASE_URL: '' };
}
