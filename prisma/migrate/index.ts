export { migratePostgres, type PostgresMigrateOptions, postgresMigrationStatus } from './migratePostgres';
