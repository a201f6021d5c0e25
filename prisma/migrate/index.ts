export { createPostgresMigration } from './createMigration';
export { migratePostgres, type PostgresMigrateOptions, postgresMigrationStatus } from './migratePostgres';
