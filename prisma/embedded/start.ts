import { spawn } from 'node:child_process';
import { chown, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort } from '@/lib/server/process/freePort';
import { type Exit, endChild, exitOf } from '@/lib/server/process/ownedChild';
import { PortTakenError } from '@/lib/server/process/portTaken';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { accountBesideRoot, runAs } from './account';
import { postgresBinaries } from './binaries';
import { cleanEnvironment } from './cleanEnvironment';
import { initialise } from './initialise';
import { endOrphan, serverPid } from './orphan';
import { POSTGRES_USER, postgresUrl } from './url';

const HOST = '127.0.0.1';
/** Recovery after a crash replays the log first. */
const READY_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 20_000;

export interface EmbeddedPostgresOptions {
  /** Folder of the data; made and initialised when missing. */
  dataPath: string;
  /** Folder of the log files; made when missing. */
  logPath: string;
  password: string;
  /** Made when missing. */
  database: string;
  /** Exactly this port, or a free one when left out. */
  port?: number;
  /** false = what is written may be lost with the machine (tests). */
  durable?: boolean;
  /** Given up when aborted: the server is ended and startPostgres rejects. */
  signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  databaseUrl: string;
  /** Of the server itself, not of the process that guards it. */
  pid: number;
  port: number;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<Exit>;
  /** PostgreSQL's fast shutdown: open transactions roll back. @returns false when it had to be killed or did not end well */
  stop(): Promise<boolean>;
  /** Sends the server a signal. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a PostgreSQL server as a child process and waits until it accepts our password.
 * The server stops with this process, however that ends.
 * @throws when the port is taken, the data cannot be opened or the server is not ready in time; with the end of its output
 */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataPath, password, durable = true } = options;
  const cluster = join(dataPath, 'cluster');
  const logFile = join(options.logPath, 'postgres.log');
  for (const folder of [dataPath, options.logPath]) await mkdir(folder, { recursive: true, mode: 0o700 });

  const binaries = await postgresBinaries();
  const ids = await accountBesideRoot();
  if (ids) await chown(dataPath, ids.uid, ids.gid);
  const account = await runAs(ids, {
    programs: [binaries.postgres, binaries.initdb],
    folders: [dataPath],
  });

  await endOrphan(cluster);
  const port = await freePort(options.port);
  if (options.port !== undefined && port !== options.port) {
    throw new PortTakenError('PostgreSQL', options.port);
  }

  await initialise({
    initdb: binaries.initdb,
    account,
    ids,
    dataPath,
    cluster,
    password,
    user: POSTGRES_USER,
    durable,
  });

  const settings: Record<string, string> = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const [command = binaries.postgres, ...args] = [
    ...account.prefix,
    binaries.postgres,
    '-D',
    cluster,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const logStart = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  );
  const guard = fileURLToPath(new URL('./guard.mjs', import.meta.url));
  const child = spawn(
    process.execPath,
    [guard, JSON.stringify({ command, args, ...account.ids, logFile })],
    // A group of its own: Ctrl-C reaches the supervisor only, which stops things in order.
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: cleanEnvironment() },
  );
  const exited = exitOf(child);
  let ended: Exit | undefined;
  exited.then((exit) => {
    ended = exit;
  });
  child.stdin?.on('error', () => {});
  const stop = () => endChild(child, exited, () => child.stdin?.end(), STOP_GRACE_MS);

  const address = `${HOST}:${port}`;
  const url = (database: string) => postgresUrl({ port, database, password });
  try {
    let last: unknown;
    await waitUntil(
      async () => {
        options.signal?.throwIfAborted();
        if (ended) {
          const output = await endOf(logFile, logStart);
          if (output.includes('Address already in use')) throw new PortTakenError('PostgreSQL', port);
          throw new Error(
            `PostgreSQL ended before it was ready (exit ${ended.code ?? ended.signal ?? 'unknown'}). Its log (${logFile}) ends with:\n${output || '(nothing)'}`,
          );
        }
        try {
          await makeDatabase(url('postgres'), options.database);
          return true;
        } catch (error) {
          last = error;
          return undefined;
        }
      },
      READY_DEADLINE_MS,
      () =>
        new Error(
          `PostgreSQL was not ready on ${address} within ${READY_DEADLINE_MS / 1000} s (${String(last)}). Look into ${logFile}.`,
          { cause: last },
        ),
    );
    const pid = await serverPid(cluster);
    if (pid === null) throw new Error(`PostgreSQL runs on ${address} but left no ${cluster}/postmaster.pid.`);
    return {
      databaseUrl: url(options.database),
      pid,
      port,
      exited,
      stop,
      kill: (signal) => {
        process.kill(pid, signal);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/** The last lines of what was added to a file since it had `from` bytes. */
async function endOf(file: string, from: number): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const text = bytes.subarray(bytes.length < from ? 0 : from).toString('utf8');
  return text.trimEnd().split('\n').slice(-12).join('\n');
}
