import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationsDirectory, readMigrationList, schemaFile } from './files';
import { noFilters } from './migratePostgres';
import { openSchemaEngine } from './schemaEngine';

/**
 * Writes the migration that takes the last one to what schema.prisma says, for a developer to read and commit. Applies
 * nothing. Needs the right to create a database, as it replays the migrations in one of its own.
 *
 * @param name letters, digits and underscores
 * @returns the file, or null where nothing differs
 */
export async function createPostgresMigration(
  databaseUrl: string,
  name: string,
  directory: string = migrationsDirectory,
): Promise<string | null> {
  const { engine } = await openSchemaEngine(databaseUrl);
  try {
    const migrationsList = await readMigrationList(directory);
    const made = await engine.createMigration({
      draft: false,
      migrationName: name,
      migrationsList,
      schema: { files: [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }] },
      filters: noFilters,
    });
    if (made.migrationScript === null) return null;
    const folder = join(directory, made.generatedMigrationName);
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'migration.sql');
    await writeFile(file, made.migrationScript);
    return file;
  } finally {
    engine.free();
  }
}
