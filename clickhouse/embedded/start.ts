import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClickHouseTarget } from '@/lib/server/env';
import { freePort } from '@/lib/server/process/freePort';
import { type Exit, endChild, exitOf } from '@/lib/server/process/ownedChild';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { type ClusterConfig, configXml, defaultMaxMemoryBytes } from './config';
import { type ClickHouseSecrets, usersXml } from './users';

const HOST = '127.0.0.1';
/** A big database opens its parts first; a second start of the demo takes well under a second. */
const READY_DEADLINE_MS = 120_000;
const STOP_GRACE_MS = 20_000;

export interface EmbeddedClickHouseOptions {
  /** Folder of data and generated configuration; made when missing. */
  dataPath: string;
  /** Folder of the log files; made when missing. */
  logPath: string;
  secrets: ClickHouseSecrets;
  database: string;
  /** Exactly this port, or a free one when left out. */
  httpPort?: number;
  tcpPort?: number;
  /** Memory of the whole server; half of the machine's, at most 8 GiB, when left out. */
  maxMemoryBytes?: number;
  /** Clusters that this server knows (tests of the cluster variant). */
  clusters?: readonly ClusterConfig[];
  /** Given up when aborted: the child is ended and startClickHouse rejects. */
  signal?: AbortSignal;
}

export interface EmbeddedClickHouse {
  target: ClickHouseTarget;
  pid: number;
  httpPort: number;
  tcpPort: number;
  /** ClickHouse's own data folder, where `store/` holds the parts. */
  serverPath: string;
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<Exit>;
  /** Lets the engine shut its tables down. @returns false when it had to be killed */
  stop(): Promise<boolean>;
  kill(signal: NodeJS.Signals): void;
}

async function lastLines(file: string, count: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/**
 * Starts a ClickHouse server as a child process and waits until the owner account can ask it something.
 * The server stops with this process, however that ends.
 * @throws when the port is taken, the data cannot be opened or the server is not ready in time; with the end of its log
 */
export async function startClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const { dataPath, logPath, database, secrets } = options;
  const serverPath = join(dataPath, 'server');
  await mkdir(serverPath, { recursive: true, mode: 0o700 });
  await mkdir(logPath, { recursive: true, mode: 0o700 });

  const httpPort = await portFor('HTTP', options.httpPort);
  const tcpPort = await portFor('native', options.tcpPort);
  const maxMemoryBytes = options.maxMemoryBytes ?? defaultMaxMemoryBytes();
  const stopPassword = randomBytes(18).toString('base64url');
  const usersFile = join(dataPath, 'users.xml');
  const configFile = join(dataPath, 'config.xml');
  const outputFile = join(logPath, 'clickhouse.out.log');
  await writeFile(
    usersFile,
    usersXml({ database, secrets, stopPassword, maxMemoryBytes, threads: availableParallelism() }),
    { mode: 0o600 },
  );
  await writeFile(
    configFile,
    configXml({ usersFile, logPath, maxMemoryBytes, clusters: options.clusters ?? [] }),
    { mode: 0o600 },
  );

  const output = openSync(outputFile, 'w', 0o600);
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./engine.mjs', import.meta.url)),
      serverPath,
      configFile,
      String(httpPort),
      String(tcpPort),
      HOST,
    ],
    {
      stdio: ['pipe', output, output],
      // A group of its own: Ctrl-C reaches the supervisor only, which stops things in order.
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '', WEIR_STOP_PASSWORD: stopPassword },
    },
  );
  closeSync(output);
  const exited = exitOf(child);
  let ended: Exit | undefined;
  exited.then((exit) => {
    ended = exit;
  });
  child.stdin?.on('error', () => {});

  const stop = () => endChild(child, exited, () => child.stdin?.end(), STOP_GRACE_MS);
  const failure = async (what: string) =>
    new Error(
      `ClickHouse ${what}. Its output (${outputFile}) ends with:\n${(await lastLines(outputFile, 12)) || '(nothing)'}\nIts log is ${join(logPath, 'clickhouse.log')}.`,
    );

  const url = `http://${HOST}:${httpPort}`;
  try {
    await waitUntil(
      async () => {
        options.signal?.throwIfAborted();
        if (ended) {
          throw await failure(`ended before it was ready (exit ${ended.code ?? ended.signal ?? 'unknown'})`);
        }
        return (await answers(url, 'owner', secrets.owner)) ? true : undefined;
      },
      READY_DEADLINE_MS,
      () =>
        new Error(
          `ClickHouse was not ready on ${url} within ${READY_DEADLINE_MS / 1000} s. Look into ${join(logPath, 'clickhouse.log')}.`,
        ),
    );
  } catch (error) {
    await stop();
    throw error;
  }

  const account = (user: keyof ClickHouseSecrets) => ({ user, password: secrets[user] });
  return {
    target: {
      url,
      database,
      cluster: options.clusters?.[0]?.name ?? null,
      owner: account('owner'),
      ingest: account('ingest'),
      reader: account('reader'),
      dictionary: account('dictionary'),
    },
    pid: child.pid ?? 0,
    httpPort,
    tcpPort,
    serverPath,
    exited,
    stop,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

async function portFor(what: string, wanted: number | undefined): Promise<number> {
  const port = await freePort(wanted);
  if (wanted !== undefined && port !== wanted) {
    throw new PortTakenError(what, wanted);
  }
  return port;
}

/** The port that was asked for belongs to somebody else. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
  constructor(what: string, port: number) {
    super(
      `Port ${port} on 127.0.0.1 (ClickHouse ${what}) is taken by another program. End that program, or let Weir choose a free port.`,
    );
  }
}

/** Whether our server answers: another one on the same port would not know the password. */
async function answers(url: string, user: string, password: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/?query=SELECT%201`, {
      headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, Connection: 'close' },
      signal: AbortSignal.timeout(2_000),
    });
    return response.status === 200 && (await response.text()).trim() === '1';
  } catch {
    return false;
  }
}
