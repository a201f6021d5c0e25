import { join } from 'node:path';
import {
  applyKafka,
  applyRetention,
  kafkaSettingsFromEnv,
  migrateClickHouse,
  parseRetention,
  type RetentionSettings,
} from '@/clickhouse/migrate';
import { fiscalStartFromEnv, type Targets } from '@/lib/server/env';
import type { Remake } from '@/lib/server/ingest/reconcile/contentOf';
import { dataPaths } from '@/lib/server/paths';
import { applyDecisionsUntilStopped } from '@/lib/server/reference/edits/applyDecisions';
import { ensureReference } from '@/lib/server/reference/ensureReference';
import { openDatabase } from '@/lib/server/repos/database';
import { migratePostgres } from '@/prisma/migrate';
import { type EngineName, type Engines, startEngines } from './engines/supervise';
import type { Progress } from './progress';
import { reconcileAtStart } from './reconcileAtStart';
import { ensureBuild } from './web/build';
import { freePortFrom, isWeirAt, portIsFree, startWebServer, type WebServer } from './web/server';

/** Everything that runs for one dashboard. */
export interface Stack {
  targets: Targets;
  web: WebServer;
  stop(): Promise<void>;
}

export interface StackOptions {
  progress: Progress;
  /** null = 3000 or the next free one */
  port: number | null;
  dev: boolean;
  /** Overrides the defaults of WEIR_RETENTION, for the demo. */
  retention?: RetentionSettings;
  /** Makes batches of the demo again, for reconcile. */
  remake?(target: Targets['clickhouse']): Remake;
  /** Runs once both databases are migrated, while the web build is still going on. */
  afterMigrations?(targets: Targets): Promise<void>;
}

/** The port to listen on. @throws Error when a port that was asked for is taken */
async function choosePort(asked: number | null): Promise<number> {
  if (asked === null) return freePortFrom(3000);
  if (await portIsFree(asked)) return asked;
  throw new Error(
    (await isWeirAt(asked))
      ? `Weir already runs at http://localhost:${asked}. Use that one, stop it with Ctrl-C where it runs, or start another beside it: WEIR_DATA=… in front of the command, and another --port N.`
      : `Port ${asked} is taken by another program. Stop it, or choose another with --port N.`,
  );
}

/**
 * Engines, migrations, reference data, reconcile after an unclean stop, web build, web server: in that order where one needs
 * the other, at the same time where not.
 * @throws Error that says what to do; whatever was started is stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { progress } = options;
  const logs = dataPaths().logs;
  const port = await choosePort(options.port);
  const build = options.dev
    ? Promise.resolve({ built: false, seconds: 0 })
    : progress.step(
        'Web build',
        () => ensureBuild(join(logs, 'build.log')),
        (result) => (result.built ? 'built' : 'up to date'),
      );
  // A failure is thrown where the build is awaited, and must not end the process before.
  build.catch(() => undefined);

  // A crash of ClickHouse may have lost the batch that was under way; crashes in a row are checked one after the other.
  let checking: Promise<void> = Promise.resolve();
  const afterCrash = (engine: EngineName): void => {
    if (engine !== 'clickhouse') return;
    checking = checking
      .then(() =>
        reconcileAtStart(engines, engines.targets, progress, options.remake?.(engines.targets.clickhouse)),
      )
      .catch((error: unknown) =>
        progress.line(
          `    Not checked after the crash: ${error instanceof Error ? error.message : String(error)} The next start looks again.`,
        ),
      );
  };
  // A wrong setting is told now, and not by every page.
  fiscalStartFromEnv();
  const engines: Engines = await progress.step(
    'Databases',
    () =>
      startEngines({
        log: (line) => progress.line(`    ${line}`),
        onRestart: (engine) => afterCrash(engine),
      }),
    ({ embedded }) =>
      `ClickHouse ${embedded.clickhouse ? 'embedded' : 'from CLICKHOUSE_URL'}, PostgreSQL ${embedded.postgres ? 'embedded' : 'from DATABASE_URL'}`,
  );
  try {
    const { targets } = engines;
    await progress.step('Migrations', async () => {
      await migratePostgres(targets.databaseUrl);
      await migrateClickHouse(targets.clickhouse);
      await applyRetention(
        targets.clickhouse,
        options.retention ?? parseRetention(process.env.WEIR_RETENTION),
        { onlyUnset: options.retention === undefined && !process.env.WEIR_RETENTION },
      );
      await applyKafka(targets.clickhouse, kafkaSettingsFromEnv());
    });
    await progress.step('Reference data', (report) =>
      ensureReference(targets.clickhouse, dataPaths(), { onProgress: report }),
    );
    if (engines.uncleanStop)
      await reconcileAtStart(engines, targets, progress, options.remake?.(targets.clickhouse));
    const [, web] = await Promise.all([
      options.afterMigrations?.(targets),
      build.then(() =>
        progress.step('Web server', () =>
          startWebServer({
            port,
            dev: options.dev,
            env: engines.appEnv,
            logFile: join(logs, 'web.log'),
          }),
        ),
      ),
    ]);
    const stopping = new AbortController();
    const db = openDatabase(targets.databaseUrl);
    const deciding = applyDecisionsUntilStopped(targets, db, {
      networkFile: dataPaths().networkFile,
      onProgress: (text) => progress.line(`    ${text}`),
      signal: stopping.signal,
    }).finally(() => db.$disconnect());
    return {
      targets,
      web,
      async stop() {
        stopping.abort();
        await web.stop();
        await deciding;
        await checking;
        await engines.stop();
      },
    };
  } catch (error) {
    await engines.stop();
    throw error;
  }
}
