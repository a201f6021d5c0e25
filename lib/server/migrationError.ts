/** What can be wrong between migration files and a database. */
export type MigrationProblemCode =
  | 'bad_file'
  | 'bad_database'
  | 'changed'
  | 'changed_half_applied'
  | 'dictionary_account'
  | 'half_applied'
  | 'kafka_refused'
  | 'missing_file'
  | 'newer'
  | 'statement_failed';

/** One thing that stops a migration: which, why, and what to do. */
export interface MigrationProblem {
  code: MigrationProblemCode;
  /** The migration it is about, such as `0004_traffic`, or null. */
  migration: string | null;
  message: string;
  fix: string;
}

/** How a database stands against the migration files. */
export interface MigrationStatus {
  /** Names of the migrations that are wholly applied, in order. */
  applied: string[];
  /** Names of the migrations that "npm run migrate" would apply or finish, in order. */
  pending: string[];
  /** What "npm run migrate" would refuse to go on with. */
  problems: MigrationProblem[];
}

/** Thrown where migrating must not go on. Its message carries every problem with its fix. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly problems: readonly MigrationProblem[],
    options?: ErrorOptions,
  ) {
    super(problems.map((problem) => `${problem.message}\n  Fix: ${problem.fix}`).join('\n'), options);
  }
}
