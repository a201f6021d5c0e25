import 'server-only';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@/prisma/generated/client';
import { databaseUrlFromEnv } from '../env';

/** Survives the module reloads of development, which would otherwise leave a pool behind each time. */
const kept = globalThis as { weirDatabase?: { url: string; client: PrismaClient } };

/** The one Prisma client of this process, for the database that DATABASE_URL names. Opened at the first use. */
export function database(): PrismaClient {
  const url = databaseUrlFromEnv();
  if (kept.weirDatabase?.url !== url) {
    kept.weirDatabase = { url, client: openDatabase(url) };
  }
  return kept.weirDatabase.client;
}

/** A Prisma client of its own, for commands and tests. Disconnect it. */
export function openDatabase(databaseUrl: string): PrismaClient {
  return new PrismaClient({
    errorFormat: 'minimal',
    adapter: new PrismaPg({
      connectionString: databaseUrl,
      max: 10,
      // A page must not hang on a database that is away.
      connectionTimeoutMillis: 5_000,
      application_name: 'weir',
    }),
  });
}
