export { MigrationError, type MigrationProblem, type MigrationStatus } from '@/lib/server/migrationError';
export { type MigrateOptions, migrateClickHouse } from './migrateClickHouse';
export { clickhouseMigrationStatus } from './status';
export type { MigrationTarget } from './target';
