export { MigrationError, type MigrationProblem, type MigrationStatus } from '@/lib/server/migrationError';
export { applyRetention } from './applyRetention';
export { applyKafka, readsKafka } from './kafka';
export { kafkaSettingsFromEnv } from './kafkaSettings';
export { type MigrateOptions, migrateClickHouse } from './migrateClickHouse';
export { type Keep, parseRetention, type RetentionSettings } from './retention';
export { clickhouseMigrationStatus } from './status';
export type { MigrationTarget } from './target';
