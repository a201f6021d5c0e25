import { migrationsDirectory, readMigrationFiles } from './files';
import { readLedger } from './ledger';
import { ownerClient } from './migrateClickHouse';
import type { MigrationProblem } from './migrationError';
import { planMigrations } from './plan';
import type { MigrationTarget } from './target';

export interface MigrationStatus {
  /** Names of the migrations that are wholly applied, by number. */
  applied: string[];
  /** Names of the migrations that "npm run migrate" would apply or finish, by number. */
  pending: string[];
  /** What "npm run migrate" would refuse to go on with. */
  problems: MigrationProblem[];
}

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
