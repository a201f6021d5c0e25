import type { MigrationStatus } from '@/lib/server/migrationError';
import { asOwner } from './asOwner';
import { migrationsDirectory, readMigrationFiles } from './files';
import { readLedger } from './ledger';
import { planMigrations } from './plan';
import type { MigrationTarget } from './target';

/**
 * How a database stands against the migration files. Changes nothing.
 * @throws MigrationError where the server does not answer
 */
export async function clickhouseMigrationStatus(
  target: MigrationTarget,
  directory: string = migrationsDirectory,
): Promise<MigrationStatus> {
  const files = await readMigrationFiles(directory);
  return asOwner(target, async (client) => {
    const rows = await readLedger(client, target);
    const plan = planMigrations(files, rows);
    return {
      applied: rows.filter((row) => row.state === 'applied').map((row) => row.name),
      pending: plan.steps.map((step) => step.file.name),
      problems: plan.problems,
    };
  });
}
