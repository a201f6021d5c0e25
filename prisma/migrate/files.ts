import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm';

/** The data model. */
export const schemaFile = fileURLToPath(new URL('../schema.prisma', import.meta.url));

/** Where the product's own PostgreSQL migrations are. */
export const migrationsDirectory = fileURLToPath(new URL('../migrations', import.meta.url));

/** Reads a folder of migrations in the form in which the schema engine takes it. */
export async function readMigrationList(directory: string): Promise<MigrationList> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: directory,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readOr(join(directory, 'migration_lock.toml'), null),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => {
        const content = await readOr(join(directory, name, 'migration.sql'), null);
        return {
          path: name,
          migrationFile: {
            path: 'migration.sql',
            content:
              content === null
                ? ({ tag: 'error', value: `${name}/migration.sql cannot be read` } as const)
                : ({ tag: 'ok', value: content } as const),
          },
        };
      }),
    ),
  };
}

async function readOr<T>(file: string, otherwise: T): Promise<string | T> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return otherwise;
  }
}
