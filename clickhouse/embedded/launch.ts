import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Credentials } from '@/lib/server/env';
import { type Exit, endChild, exitOf } from '@/lib/server/process/ownedChild';
import { PortTakenError } from '@/lib/server/process/portTaken';
import { waitUntil } from '@/lib/server/process/waitUntil';

const HOST = '127.0.0.1';
/** A big database opens its parts first; that of the demo takes well under a second. */
const READY_DEADLINE_MS = 120_000;
/** Longer than the child's own deadline for stopping. */
const STOP_GRACE_MS = 20_000;

/** Another server holds the data folder, perhaps one that is just stopping. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

export interface EngineChild {
  pid: number;
  exited: Promise<Exit>;
  stop(): Promise<boolean>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * One attempt to start the server process on given ports.
 * @throws PortTakenError, FolderInUseError, or an Error with the end of the server's output
 */
export async function launchEngine(options: {
  serverPath: string;
  configFile: string;
  logPath: string;
  httpPort: number;
  tcpPort: number;
  stopPassword: string;
  owner: Credentials;
  signal?: AbortSignal;
}): Promise<EngineChild> {
  const { logPath, httpPort, tcpPort } = options;
  const outputFile = join(logPath, 'clickhouse.out.log');
  const output = openSync(outputFile, 'w', 0o600);
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./engine.mjs', import.meta.url)),
      options.serverPath,
      options.configFile,
      logPath,
      String(httpPort),
      String(tcpPort),
      HOST,
    ],
    {
      stdio: ['pipe', output, output],
      // A group of its own: Ctrl-C reaches the supervisor only, which stops things in order.
      detached: true,
      env: { ...plainEnvironment(), WEIR_STOP_PASSWORD: options.stopPassword },
    },
  );
  closeSync(output);
  child.stdin?.on('error', () => {});
  const exited = exitOf(child);
  let ended: Exit | undefined;
  exited.then((exit) => {
    ended = exit;
  });
  const stop = () => endChild(child, exited, () => child.stdin?.end(), STOP_GRACE_MS);

  const url = `http://${HOST}:${httpPort}`;
  const log = join(logPath, 'clickhouse.log');
  try {
    await waitUntil(
      async () => {
        options.signal?.throwIfAborted();
        if (ended) throw failure(ended, outputFile, log, await lastLines(outputFile));
        // Ended after the answer = another server answered on our port.
        return (await answers(url, options.owner)) && !ended ? true : undefined;
      },
      READY_DEADLINE_MS,
      () =>
        new Error(
          `ClickHouse was not ready on ${url} within ${READY_DEADLINE_MS / 1000} s. Look into ${log}.`,
        ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    exited,
    stop,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/** What a server needs, and none of the secrets that our own environment may hold. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { NODE_ENV: process.env.NODE_ENV, TZ: 'UTC' };
  for (const name of ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

function failure(exit: Exit, outputFile: string, log: string, output: string): Error {
  const taken = /Listen \[.*\]:(\d+) failed.*Address already in use/.exec(output);
  if (taken) return new PortTakenError('ClickHouse', Number(taken[1]));
  if (output.includes('Another server instance in same directory')) return new FolderInUseError(output);
  return new Error(
    `ClickHouse ended before it was ready (exit ${exit.code ?? exit.signal ?? 'unknown'}). Its output (${outputFile}) ends with:\n${output || '(nothing)'}\nIts log is ${log}.`,
  );
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-12).join('\n');
}

/** Whether our server answers: another one on the same port would not know the password. */
async function answers(url: string, { user, password }: Credentials): Promise<boolean> {
  try {
    const response = await fetch(`${url}/?query=SELECT%201`, {
      headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password },
      signal: AbortSignal.timeout(2_000),
    });
    return response.status === 200 && (await response.text()).trim() === '1';
  } catch {
    return false;
  }
}
