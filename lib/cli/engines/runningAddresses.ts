import { clickhouseTarget } from '@/clickhouse/embedded/target';
import type { ClickHouseTarget } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { postgresUrl } from '@/prisma/embedded/url';
import { DATABASE } from './embedded';
import { joinHolder, type LockHolder } from './folderLock';
import { readRunFile } from './runFile';
import { readSecrets } from './secrets';
import type { EngineName } from './supervise';

const READY_DEADLINE_MS = 180_000;

/**
 * Addresses of the engines of the instance that holds the data folder, once it is ready.
 * @param needed engines without which the caller cannot go on
 * @returns null when the instance has ended meanwhile
 * @throws when it does not get ready, or does not run what is needed
 */
export async function runningAddresses(
  holder: LockHolder,
  needed: readonly EngineName[],
): Promise<{ clickhouse: ClickHouseTarget | null; databaseUrl: string | null } | null> {
  const paths = dataPaths();
  const state = await waitUntil(
    async () => {
      const found = await readRunFile(paths.runFile);
      if (found?.token === holder.token && found.state === 'running') return found;
      const still = await joinHolder(paths.lockFile);
      still?.leave();
      return still?.holder.token === holder.token ? undefined : null;
    },
    READY_DEADLINE_MS,
    () =>
      new Error(
        `Weir in ${paths.root} (process ${holder.pid}, ${holder.command}) is not ready after ${READY_DEADLINE_MS / 1000} s. Look into ${paths.logs}, or stop it (\`kill ${holder.pid}\`) and try again.`,
      ),
    100,
  );
  if (state === null) return null;
  const secrets = await readSecrets(paths.secretsFile);
  if (!secrets) {
    throw new Error(
      `${paths.secretsFile} is missing although Weir runs there. Stop it (\`kill ${holder.pid}\`) and start it again.`,
    );
  }
  const variables = { clickhouse: 'CLICKHOUSE_URL and its passwords', postgres: 'DATABASE_URL' };
  for (const engine of needed) {
    if (state.embedded[engine]) continue;
    throw new Error(
      `The instance in ${paths.root} (process ${holder.pid}, ${holder.command}) does not run ${engine} itself. Set ${variables[engine]} for this command too, or wait until that one has ended.`,
    );
  }
  const { clickhouseHttp, postgres } = state.ports;
  return {
    clickhouse:
      state.embedded.clickhouse && clickhouseHttp
        ? clickhouseTarget({ httpPort: clickhouseHttp, database: DATABASE, secrets: secrets.clickhouse })
        : null,
    databaseUrl:
      state.embedded.postgres && postgres
        ? postgresUrl({ port: postgres, database: DATABASE, password: secrets.postgres })
        : null,
  };
}
