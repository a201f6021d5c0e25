import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseTarget } from '@/lib/server/env';
import { freePort } from '@/lib/server/process/freePort';
import type { Exit } from '@/lib/server/process/ownedChild';
import { pause } from '@/lib/server/process/pause';
import { PortTakenError } from '@/lib/server/process/portTaken';
import { type ClusterConfig, configXml, defaultMaxMemoryBytes, fileFunctionSql } from './config';
import { FolderInUseError, launchEngine } from './launch';
import { clickhouseTarget } from './target';
import { type ClickHouseSecrets, usersXml } from './users';

/** A server that lost its parent needs a moment to go; longer than its own deadline for stopping. */
const FOLDER_DEADLINE_MS = 20_000;

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
  /** Given up when aborted: the server is ended and startClickHouse rejects. */
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
  /** Lets the engine shut its tables down. @returns false when it had to be killed or did not end well */
  stop(): Promise<boolean>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a ClickHouse server as a child process and waits until the owner account can ask it something.
 * The server stops with this process, however that ends.
 * @throws PortTakenError when a port that was asked for is taken
 * @throws Error when the data cannot be opened or the server is not ready in time; with the end of its output
 */
export async function startClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const { dataPath, logPath, secrets } = options;
  const serverPath = join(dataPath, 'server');
  for (const folder of [serverPath, logPath]) await mkdir(folder, { recursive: true, mode: 0o700 });

  const stopPassword = randomBytes(18).toString('base64url');
  const configFile = await writeConfig(options, stopPassword);

  const folderDeadline = performance.now() + FOLDER_DEADLINE_MS;
  for (let attempt = 1; ; attempt += 1) {
    const httpPort = await portFor('HTTP', options.httpPort);
    const tcpPort = await portFor('native protocol', options.tcpPort);
    try {
      const child = await launchEngine({
        serverPath,
        configFile,
        logPath,
        httpPort,
        tcpPort,
        stopPassword,
        owner: { user: 'owner', password: secrets.owner },
        ...(options.signal ? { signal: options.signal } : {}),
      });
      const { pid, exited, stop, kill } = child;
      const cluster = options.clusters?.[0]?.name ?? null;
      const target = clickhouseTarget({ httpPort, database: options.database, secrets, cluster });
      return { target, pid, httpPort, tcpPort, serverPath, exited, stop, kill };
    } catch (error) {
      if (error instanceof FolderInUseError) {
        if (performance.now() > folderDeadline) throw await folderInUse(serverPath);
        await pause(250, options.signal);
        continue;
      }
      // Somebody took a port between our look and the server's use of it.
      const ours =
        error instanceof PortTakenError && [options.httpPort, options.tcpPort].includes(error.port);
      if (error instanceof PortTakenError && !ours && attempt < 4) continue;
      throw error;
    }
  }
}

async function writeConfig(options: EmbeddedClickHouseOptions, stopPassword: string): Promise<string> {
  const { dataPath, logPath, database, secrets } = options;
  const maxMemoryBytes = options.maxMemoryBytes ?? defaultMaxMemoryBytes();
  const usersFile = join(dataPath, 'users.xml');
  const configFile = join(dataPath, 'config.xml');
  const users = usersXml({
    database,
    secrets,
    stopPassword,
    maxMemoryBytes,
    threads: availableParallelism(),
  });
  const config = configXml({ usersFile, logPath, maxMemoryBytes, clusters: options.clusters ?? [] });
  await writeFile(usersFile, users, { mode: 0o600 });
  await writeFile(configFile, config, { mode: 0o600 });
  const functions = join(dataPath, 'server', 'user_defined');
  await mkdir(functions, { recursive: true, mode: 0o700 });
  await writeFile(join(functions, 'function_file.sql'), fileFunctionSql, { mode: 0o600 });
  return configFile;
}

async function portFor(what: string, wanted: number | undefined): Promise<number> {
  const port = await freePort(wanted);
  if (wanted !== undefined && port !== wanted) throw new PortTakenError(`ClickHouse (${what})`, wanted);
  return port;
}

async function folderInUse(serverPath: string): Promise<Error> {
  const status = await readFile(join(serverPath, 'status'), 'utf8').catch(() => '');
  const pid = /^PID: (\d+)/m.exec(status)?.[1];
  return new Error(
    `Another ClickHouse${pid ? ` (process ${pid})` : ''} uses ${serverPath}. Stop it${pid ? ` (\`kill ${pid}\`)` : ''}, or choose another folder with WEIR_DATA.`,
  );
}
