import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { nextBinary, projectRoot } from './build';

export interface WebServer {
  readonly url: string;
  readonly exited: Promise<number | null>;
  stop(): Promise<void>;
}

/** True when nothing listens on the port of any interface that the web server would take. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

/** True when what listens on the port of this machine is a Weir dashboard: its sign-in page says so. */
export async function isWeirAt(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://localhost:${port}/login`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok && /<title>[^<]*\bWeir\b/.test(await answer.text());
  } catch {
    return false;
  }
}

/** The first free port from `first` on; tries 50 and then lets the system choose. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 50; port += 1) if (await portIsFree(port)) return port;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function answers(url: string, exited: () => boolean, deadlineMs: number): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (Date.now() < end) {
    if (exited()) throw new Error('The web server ended while it was starting.');
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The web server did not answer ${url} within ${deadlineMs / 1000} s.`);
}

function stopChild(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
  return exited.then(() => clearTimeout(force));
}

/**
 * Starts Next.js as a child process and waits until it answers `/api/health/live`.
 * @param options.host the one address that it listens on; all of this machine by default
 * @throws when it ends or does not answer within three minutes, as on a busy machine; the message names the log file
 */
export async function startWebServer(options: {
  port: number;
  host?: string;
  dev: boolean;
  env: Record<string, string>;
  logFile: string;
}): Promise<WebServer> {
  const url = `http://${options.host ?? 'localhost'}:${options.port}`;
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const child = spawn(
    process.execPath,
    [
      nextBinary,
      options.dev ? 'dev' : 'start',
      '-p',
      String(options.port),
      ...(options.host === undefined ? [] : ['-H', options.host]),
    ],
    {
      cwd: projectRoot,
      env: {
        ...process.env,
        ...options.env,
        NODE_ENV: options.dev ? 'development' : 'production',
        // The command line runs under --conditions=react-server; Next.js chooses its conditions itself.
        NODE_OPTIONS: '',
        NEXT_TELEMETRY_DISABLED: '1',
        NEXTAUTH_URL: options.env.NEXTAUTH_URL ?? url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  let ended = false;
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      ended = true;
      resolve(code);
    }),
  );
  try {
    await answers(`${url}/api/health/live`, () => ended, 180_000);
  } catch (error) {
    await stopChild(child, exited);
    throw new Error(`${error instanceof Error ? error.message : String(error)} See ${options.logFile}`);
  }
  return { url, exited, stop: () => stopChild(child, exited) };
}
