import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Ids {
  uid: number;
  gid: number;
}

/** How to start a program of PostgreSQL, which refuses to run as root. */
export interface Account {
  /** The account to switch to; null = stay, or `prefix` switches. */
  ids: Ids | null;
  /** Words before the command, where the system's own switch of accounts is not enough. */
  prefix: string[];
}

async function lookUp(user: string): Promise<Ids | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/**
 * The account for PostgreSQL when we are root: "postgres" where there is one, else "nobody". Null = our own.
 * @throws when this system has neither
 */
export async function accountBesideRoot(): Promise<Ids | null> {
  if (process.getuid?.() !== 0) return null;
  const ids = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (ids) return ids;
  throw new Error(
    'PostgreSQL refuses to run as root, and this system has neither an account "postgres" nor "nobody". Run Weir as an ordinary user, or set DATABASE_URL.',
  );
}

/**
 * How to run programs as that account.
 * @param reach files and folders that it has to get at
 * @throws when it cannot get at them (a project below /root) and nothing on this system helps
 */
export async function runAs(
  ids: Ids | null,
  reach: { programs: readonly string[]; folders: readonly string[] },
): Promise<Account> {
  if (!ids) return { ids, prefix: [] };
  const words = [
    ...reach.programs.map((_, i) => `test -x "\${${i + 1}}"`),
    ...reach.folders.map((_, i) => `cd "\${${i + 1 + reach.programs.length}}"`),
  ];
  try {
    await run('/bin/sh', ['-c', words.join(' && '), 'sh', ...reach.programs, ...reach.folders], {
      ...ids,
      cwd: '/',
    });
    return { ids, prefix: [] };
  } catch {
    // A folder on the way is closed to that account. Linux can let one program pass by a capability.
    for (const setpriv of ['/usr/bin/setpriv', '/bin/setpriv']) {
      if (!(await isThere(setpriv))) continue;
      const pass = '-all,+dac_override';
      return {
        ids: null,
        prefix: [
          setpriv,
          `--reuid=${ids.uid}`,
          `--regid=${ids.gid}`,
          '--clear-groups',
          `--inh-caps=${pass}`,
          `--ambient-caps=${pass}`,
          `--bounding-set=${pass}`,
        ],
      };
    }
    throw new Error(
      `PostgreSQL refuses to run as root, and the account with uid ${ids.uid} cannot get at ${[...reach.folders, ...reach.programs].join(', ')}. Move the project and WEIR_DATA to folders that others may enter (not below /root), or run Weir as an ordinary user, or set DATABASE_URL.`,
    );
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
