export { type MigrateOptions, migrateClickHouse } from './migrateClickHouse';
export { MigrationError, type MigrationProblem } from './migrationError';
export { clickhouseMigrationStatus, type MigrationStatus } from './status';
export type { MigrationTarget } from './target';
