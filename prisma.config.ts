import { defineConfig } from 'prisma/config';

/** For Prisma's own commands (studio, migrate diff); the product migrates with `npm run migrate`. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
