import { type ClickHouseTarget, clickhouseFromEnv, databaseUrlFromEnv, type Targets } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { FolderLockedError, joinHolder } from './folderLock';
import { runningAddresses } from './runningAddresses';
import { onStopRequest } from './stopRequest';
import { type EngineName, startSession } from './supervise';

interface Found {
  clickhouse: ClickHouseTarget | null;
  databaseUrl: string | null;
}

/**
 * Runs a command against both servers: those that the environment names, else those of the instance that runs in
 * the data folder, else embedded ones that are started here and stopped again at the end.
 */
export async function withTargets<T>(
  run: (targets: Targets) => Promise<T>,
  options: CommandOptions = {},
): Promise<T> {
  return withEngines(
    ['clickhouse', 'postgres'],
    ({ clickhouse, databaseUrl }) => {
      if (!clickhouse || !databaseUrl) throw new Error('An engine was found without an address.');
      return run({ clickhouse, databaseUrl });
    },
    options,
  );
}

export interface CommandOptions {
  /** The command ends by itself when asked to stop, and needs the engines until then. */
  stopsByItself?: boolean;
}

/** As withTargets, for a command that needs only ClickHouse: PostgreSQL is not started for it. */
export async function withClickHouse<T>(run: (target: ClickHouseTarget) => Promise<T>): Promise<T> {
  return withEngines(['clickhouse'], ({ clickhouse }) => {
    if (!clickhouse) throw new Error('ClickHouse was found without an address.');
    return run(clickhouse);
  });
}

async function withEngines<T>(
  needed: readonly EngineName[],
  run: (found: Found) => Promise<T>,
  options: CommandOptions = {},
): Promise<T> {
  const named: Found = {
    clickhouse: process.env.CLICKHOUSE_URL ? clickhouseFromEnv() : null,
    databaseUrl: process.env.DATABASE_URL ? databaseUrlFromEnv() : null,
  };
  const missing = needed.filter((engine) =>
    engine === 'clickhouse' ? !named.clickhouse : !named.databaseUrl,
  );
  if (missing.length === 0) return run(named);

  for (;;) {
    const joined = await joinHolder(dataPaths().lockFile);
    if (joined) {
      try {
        const running = await runningAddresses(joined.holder, missing);
        // Gone while it was starting: look again.
        if (running === null) continue;
        return await run({
          clickhouse: named.clickhouse ?? running.clickhouse,
          databaseUrl: named.databaseUrl ?? running.databaseUrl,
        });
      } finally {
        joined.leave();
      }
    }
    try {
      return await withOwnEngines(needed, run, options);
    } catch (error) {
      // Another command was quicker: use its engines.
      if (!(error instanceof FolderLockedError)) throw error;
    }
  }
}

async function withOwnEngines<T>(
  needed: readonly EngineName[],
  run: (found: Found) => Promise<T>,
  options: CommandOptions,
): Promise<T> {
  const session = await startSession({}, needed);
  const forget = options.stopsByItself
    ? () => undefined
    : onStopRequest(() => {
        session.stop().then(
          () => process.exit(130),
          () => process.exit(1),
        );
      });
  try {
    return await run(session);
  } finally {
    await session.stop(true);
    forget();
  }
}
