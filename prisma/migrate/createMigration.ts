import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrationsDirectory, schemaFile } from './files';
import { migratePostgres, noFilters } from './migratePostgres';
import { openSchemaEngine } from './schemaEngine';

/**
 * Writes the migration that takes the last one to what schema.prisma says, for a developer to read and commit. Applies
 * nothing: it migrates a database of its own, compares, and drops it, so the user needs the right to create one.
 *
 * @param name letters, digits and underscores
 * @returns the file, or null where nothing differs
 */
export async function createPostgresMigration(
  databaseUrl: string,
  name: string,
  directory: string = migrationsDirectory,
): Promise<string | null> {
  const script = await differenceToSchema(databaseUrl, directory);
  if (script === null) return null;
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = join(directory, `${time}_${name}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'migration.sql');
  await writeFile(file, script);
  return file;
}

/** SQL that takes a database with all migrations of a folder to what schema.prisma says, or null where nothing differs. */
async function differenceToSchema(databaseUrl: string, directory: string): Promise<string | null> {
  return withScratchDatabase(databaseUrl, async (scratchUrl) => {
    await migratePostgres(scratchUrl, { directory });
    const { engine, close } = await openSchemaEngine(scratchUrl);
    try {
      const files = [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }];
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: directory },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        // Exit code 2 tells a difference from a script that is only a comment.
        exitCode: true,
        filters: noFilters,
      });
      return exitCode === 2 ? stdout : null;
    } finally {
      await close();
    }
  });
}

async function withScratchDatabase<T>(databaseUrl: string, run: (url: string) => Promise<T>): Promise<T> {
  const name = `weir_scratch_${randomBytes(6).toString('hex')}`;
  const client = new Client({ connectionString: databaseUrl, application_name: 'weir-migrate' });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    try {
      return await run(url.href);
    } finally {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  } finally {
    await client.end();
  }
}
