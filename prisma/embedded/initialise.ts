import { execFile } from 'node:child_process';
import { chown, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account, Ids } from './account';
import { cleanEnvironment } from './cleanEnvironment';

const run = promisify(execFile);

/** Major version of the PostgreSQL that npm installs; its data format changes with it. */
const MAJOR_VERSION = '18';

/**
 * Makes the data folder of a new server, once. A first start that was cut short is begun again.
 * @throws when initdb fails, or the data belongs to another major version
 */
export async function initialise(options: {
  initdb: string;
  account: Account;
  /** Whom the data belongs to; null = us. */
  ids: Ids | null;
  dataPath: string;
  cluster: string;
  user: string;
  password: string;
  /** false = do not wait for the disk (tests). */
  durable: boolean;
}): Promise<void> {
  const { account, ids, dataPath, cluster } = options;
  const doneFile = join(dataPath, 'initialised');
  if (await isFile(doneFile)) {
    const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
    if (version === MAJOR_VERSION) return;
    throw new Error(
      `The data in ${cluster} is of PostgreSQL ${version || '(unknown version)'}, but this Weir brings ${MAJOR_VERSION}. Move it over with pg_dump of the old version, or move ${dataPath} away to start with an empty one.`,
    );
  }
  await rm(cluster, { recursive: true, force: true });
  const passwordFile = join(dataPath, 'password');
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  try {
    if (ids) await chown(passwordFile, ids.uid, ids.gid);
    const [command = options.initdb, ...args] = [
      ...account.prefix,
      options.initdb,
      `--pgdata=${cluster}`,
      `--username=${options.user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of text on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(options.durable ? [] : ['--no-sync']),
    ];
    await run(command, args, {
      cwd: '/',
      env: cleanEnvironment(),
      ...account.ids,
    });
  } catch (cause) {
    throw new Error(
      `PostgreSQL could not make its data folder ${cluster}: ${cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)}. Check that the disk has space and that the folder may be written, then start again.`,
      { cause },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(doneFile, `PostgreSQL ${MAJOR_VERSION}\n`);
}

function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
