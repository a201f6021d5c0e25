import { mkdir } from 'node:fs/promises';
import {
  type ClickHouseTarget,
  clickhouseFromEnv,
  databaseUrlFromEnv,
  type Targets,
  targetsToEnv,
} from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { runClickHouse, runPostgres } from './embedded';
import { lockFolder } from './folderLock';
import type { Kept } from './keepRunning';
import { type RunState, readRunFile, runFileWriter } from './runFile';
import { loadSecrets } from './secrets';

export type EngineName = 'clickhouse' | 'postgres';

export interface SupervisorOptions {
  /** Told what people should know: crashes, restarts, changed ports. Standard error by default. */
  log?: (line: string) => void;
  /** What runs here, for the message that a second instance gets; the npm script by default. */
  command?: string;
  /** An engine crashed and answers again on the same port. After ClickHouse's crash a batch may be in doubt. */
  onRestart?: (engine: EngineName) => void;
}

export interface Session {
  embedded: Record<EngineName, boolean>;
  /** Signs the sessions of the app: NEXTAUTH_SECRET, or the generated one. */
  nextAuthSecret: string;
  /** The last stop shut nothing down, or ClickHouse has crashed, and reconciled() was not called since. */
  readonly uncleanStop: boolean;
  /** To be called when the stored batches have been checked: the next start need not do it again. */
  reconciled(): Promise<void>;
  /** @param waitForOthers first lets other commands finish that use these engines */
  stop(waitForOthers?: boolean): Promise<void>;
}

export interface Engines extends Session {
  targets: Targets;
  /** The environment of the app: both targets, the data folder and the secret of the sessions. */
  appEnv: Record<string, string>;
}

/**
 * Starts the engines that the environment does not name (CLICKHOUSE_URL, DATABASE_URL), keeps them running on the
 * same ports until stop(), and holds the data folder so that nobody else starts there. They end with this process,
 * however that ends.
 * @throws FolderLockedError when another instance runs in the folder
 * @throws Error when an engine cannot start; what was started is stopped again
 */
export async function startEngines(options: SupervisorOptions = {}): Promise<Engines> {
  const session = await startSession(options, ['clickhouse', 'postgres']);
  const { clickhouse, databaseUrl } = session;
  if (!clickhouse || !databaseUrl) throw new Error('An engine was started without an address.');
  const targets = { clickhouse, databaseUrl };
  return Object.assign(session, {
    targets,
    appEnv: {
      ...targetsToEnv(targets),
      WEIR_DATA: dataPaths().root,
      NEXTAUTH_SECRET: session.nextAuthSecret,
    },
  });
}

/** As startEngines, for a command that needs only some of them; the addresses of the others are null. */
export async function startSession(
  options: SupervisorOptions,
  needed: readonly EngineName[],
): Promise<Session & { clickhouse: ClickHouseTarget | null; databaseUrl: string | null }> {
  const { log = (line) => process.stderr.write(`${line}\n`), onRestart = () => {} } = options;
  const { env } = process;
  const paths = dataPaths();
  const embedded = {
    clickhouse: needed.includes('clickhouse') && !env.CLICKHOUSE_URL,
    postgres: needed.includes('postgres') && !env.DATABASE_URL,
  };
  // Wrong variables are said before anything starts.
  let clickhouse = env.CLICKHOUSE_URL ? clickhouseFromEnv() : null;
  let databaseUrl = env.DATABASE_URL ? databaseUrlFromEnv() : null;

  // As root PostgreSQL runs as another account, which has to get through to its own folder.
  await mkdir(paths.root, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const lock = await lockFolder(paths.root, paths.lockFile, options.command ?? commandName(env));
  const kept: Kept[] = [];
  const before = await readRunFile(paths.runFile);
  const state: RunState = {
    pid: process.pid,
    token: lock.holder.token,
    startedAt: new Date().toISOString(),
    state: 'starting',
    embedded,
    ports: before?.ports ?? {},
    unclean: before !== null && (before.unclean || before.state !== 'stopped'),
  };
  const write = runFileWriter(paths.runFile);
  const save = () => write(state);
  const end = async () => {
    const clean = await Promise.all(kept.map((engine) => engine.stop()));
    state.unclean ||= clean.includes(false);
    state.state = 'stopped';
    await save();
    await lock.release();
  };
  const around = (engine: EngineName, secrets: Awaited<ReturnType<typeof loadSecrets>>) => ({
    paths,
    secrets,
    ports: state.ports,
    log,
    onCrash: async () => {
      // PostgreSQL mends itself from its log; ClickHouse may have lost the batch that was under way.
      if (engine === 'clickhouse') state.unclean = true;
      await save();
    },
    onRestart: () => onRestart(engine),
  });

  try {
    const secrets = await loadSecrets(paths.secretsFile);
    await save();
    if (env.NODE_ENV === 'production') announce(embedded, paths.root, log);
    const results = await Promise.allSettled([
      embedded.clickhouse
        ? runClickHouse(around('clickhouse', secrets)).then((engine) => {
            kept.push(engine);
            clickhouse = engine.target;
            state.ports = { ...state.ports, clickhouseHttp: engine.httpPort, clickhouseTcp: engine.tcpPort };
          })
        : null,
      embedded.postgres
        ? runPostgres(around('postgres', secrets)).then((engine) => {
            kept.push(engine);
            databaseUrl = engine.databaseUrl;
            state.ports = { ...state.ports, postgres: engine.port };
          })
        : null,
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    state.state = 'running';
    await save();

    let stopped: Promise<void> | undefined;
    let hurry = () => {};
    const hurried = new Promise<void>((resolve) => {
      hurry = resolve;
    });
    return {
      clickhouse,
      databaseUrl,
      embedded,
      nextAuthSecret: env.NEXTAUTH_SECRET || secrets.nextAuth,
      get uncleanStop() {
        return state.unclean;
      },
      reconciled: async () => {
        state.unclean = false;
        await save();
      },
      stop: (waitForOthers = false) => {
        // A stop that waits can still be told not to.
        if (!waitForOthers) hurry();
        stopped ??= Promise.race([lock.unused(), hurried]).then(end);
        return stopped;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** `npm run demo` where npm says so, else the program's own name. */
function commandName(env: NodeJS.ProcessEnv): string {
  const script = env.npm_lifecycle_event;
  return script && script !== 'npx' ? `npm run ${script}` : (process.argv[1] ?? 'node');
}

function announce(embedded: Record<EngineName, boolean>, folder: string, log: (line: string) => void): void {
  const names = [
    ...(embedded.clickhouse ? ['ClickHouse (CLICKHOUSE_URL replaces it)'] : []),
    ...(embedded.postgres ? ['PostgreSQL (DATABASE_URL replaces it)'] : []),
  ];
  if (names.length === 0) return;
  log(
    `In production with the embedded ${names.join(' and ')}: one machine carries everything, so back up ${folder}.`,
  );
}
