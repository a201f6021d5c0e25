import type { MigrationStatus } from '@/lib/server/migrationError';
import { migrationsDirectory, readMigrationFiles } from './files';
import { readLedger } from './ledger';
import { ownerClient } from './migrateClickHouse';
import { planMigrations } from './plan';
import type { MigrationTarget } from './target';

/** How a database stands against the migration files. Changes nothing. */
export async function clickhouseMigrationStatus(
  target: MigrationTarget,
  directory: string = migrationsDirectory,
): Promise<MigrationStatus> {
  const files = await readMigrationFiles(directory);
  const client = ownerClient(target);
  try {
    const rows = await readLedger(client, target);
    const plan = planMigrations(files, rows);
    return {
      applied: rows.filter((row) => row.state === 'applied').map((row) => row.name),
      pending: plan.steps.map((step) => step.file.name),
      problems: plan.problems,
    };
  } finally {
    await client.close();
  }
}
