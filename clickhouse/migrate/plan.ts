import type { MigrationProblem } from '@/lib/server/migrationError';
import type { MigrationFile } from './files';

/** What the database remembers of one migration. */
export interface MigrationRow {
  number: number;
  name: string;
  checksum: string;
  /** Statements of the file when it was applied. */
  statements: number;
  /** SHA-256 (hex) of each statement that has run, in order. */
  done: string[];
  state: 'running' | 'applied';
}

/** One migration to apply, from a statement on: 0 for a fresh one, more where an earlier run was cut short. */
export interface MigrationStep {
  file: MigrationFile;
  from: number;
}

export interface MigrationPlan {
  steps: MigrationStep[];
  problems: MigrationProblem[];
}

/** Compares the files with what the database remembers. Pure: the same for migrating and for the doctor. */
export function planMigrations(
  files: readonly MigrationFile[],
  rows: readonly MigrationRow[],
): MigrationPlan {
  const plan: MigrationPlan = { steps: [], problems: [] };
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const file of files) {
    const row = byNumber.get(file.number);
    byNumber.delete(file.number);
    if (row === undefined) plan.steps.push({ file, from: 0 });
    else if (row.state === 'applied') {
      if (row.checksum !== file.checksum || row.name !== file.name) plan.problems.push(changed(file, row));
    } else planResumed(plan, file, row);
  }
  const newest = Math.max(0, ...files.map((file) => file.number));
  for (const row of byNumber.values()) plan.problems.push(unknown(row, newest));
  return plan;
}

function planResumed(plan: MigrationPlan, file: MigrationFile, row: MigrationRow): void {
  // A change behind the statements that ran (a mended typo, say) is no conflict: nothing of it has reached the database.
  const differs = row.done.findIndex((checksum, index) => checksum !== file.statementChecksums[index]);
  if (differs === -1) plan.steps.push({ file, from: row.done.length });
  else plan.problems.push(changedHalfApplied(file, row, differs));
}

function changed(file: MigrationFile, row: MigrationRow): MigrationProblem {
  const renamed = row.name !== file.name;
  return {
    code: 'changed',
    migration: row.name,
    message: renamed
      ? `Migration ${pad(row.number)} was applied as ${row.name}.sql, but the file with this number is ${file.name}.sql.`
      : `Migration ${row.name}.sql has changed since it was applied (then ${short(row.checksum)}, now ${short(file.checksum)}).`,
    fix: renamed
      ? `bring ${row.name}.sql back and give ${file.name}.sql a number of its own that no file has.`
      : `bring the file back as it was (git log -- clickhouse/migrations/${row.name}.sql) and put the change into a new migration with the next free number.`,
  };
}

function changedHalfApplied(file: MigrationFile, row: MigrationRow, index: number): MigrationProblem {
  return {
    code: 'changed_half_applied',
    migration: row.name,
    message: `Migration ${row.name}.sql was cut short after ${row.done.length} of ${row.statements} statements, and its statement ${index + 1}, which has run, has changed since.`,
    fix: `bring statement ${index + 1} of ${file.name}.sql back as it was (git log -- clickhouse/migrations/${row.name}.sql) and run "npm run migrate" again: it goes on where it stopped. Or undo by hand what the statement made and run "npm run migrate -- --again ${pad(row.number)}", which runs the whole file from its first statement.`,
  };
}

function unknown(row: MigrationRow, newest: number): MigrationProblem {
  if (row.number > newest) {
    return {
      code: 'newer',
      migration: row.name,
      message: `The database has migration ${row.name}, which this version of Weir does not know (its newest is ${pad(newest)}).`,
      fix: 'update Weir to the version that wrote it, or point CLICKHOUSE_DATABASE (embedded: WEIR_DATA) at another database.',
    };
  }
  return {
    code: 'missing_file',
    migration: row.name,
    message: `The database has migration ${row.name}, but its file is missing.`,
    fix: `bring clickhouse/migrations/${row.name}.sql back (git log --all -- clickhouse/migrations/${row.name}.sql).`,
  };
}

function pad(number: number): string {
  return String(number).padStart(4, '0');
}

function short(checksum: string): string {
  return checksum.slice(0, 12);
}
