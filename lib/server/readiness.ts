import 'server-only';
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { execute, queryContext } from './clickhouse/execute';
import { sql } from './clickhouse/sql';
import { AppError } from './errors';
import { database } from './repos/database';

export interface Check {
  name: 'clickhouse' | 'postgresql' | 'clickhouse migrations' | 'postgresql migrations';
  ok: boolean;
  /** what is wrong and how to mend it; empty where nothing is */
  message: string;
}

export interface Readiness {
  ready: boolean;
  checks: Check[];
}

const DEADLINE_MS = 4_000;

/** Whether both engines answer and all migrations that this version ships have been applied. Ends within four seconds. */
export async function readiness(): Promise<Readiness> {
  const checks = await Promise.all([
    check('clickhouse', async (signal) => {
      await execute(
        queryContext('ready', randomUUID(), signal),
        sql`SELECT 1 AS one`,
        z.object({ one: z.number() }),
      );
    }),
    check('postgresql', async () => {
      await database().$queryRaw`SELECT 1`;
    }),
    check('clickhouse migrations', async (signal) => {
      const rows = await execute(
        queryContext('ready', randomUUID(), signal),
        sql`SELECT name, argMax(state, version) = 'applied' AS applied FROM schema_migrations GROUP BY number, name`,
        z.object({ name: z.string(), applied: z.coerce.number() }),
      );
      const shipped = await shippedNames('clickhouse/migrations', /^(\d{4}_\w+)\.sql$/);
      demandApplied(
        shipped,
        rows.filter(({ applied }) => applied === 1).map(({ name }) => name),
      );
    }),
    check('postgresql migrations', async () => {
      const rows = z
        .array(z.object({ migration_name: z.string() }))
        .parse(
          await database()
            .$queryRaw`SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
        );
      const shipped = await shippedNames('prisma/migrations', /^(\d{14}_\w+)$/);
      demandApplied(
        shipped,
        rows.map(({ migration_name }) => migration_name),
      );
    }),
  ]);
  return { ready: checks.every(({ ok }) => ok), checks };
}

async function check(name: Check['name'], run: (signal: AbortSignal) => Promise<void>): Promise<Check> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer within 4 seconds')), { once: true });
  });
  try {
    await Promise.race([run(signal), late]);
    return { name, ok: true, message: '' };
  } catch (error) {
    if (error instanceof AppError && error.code !== 'unavailable' && error.code !== 'cancelled') {
      return { name, ok: false, message: `${error.message} ${error.hint}` };
    }
    // Addresses and accounts in messages of drivers are nobody's business here.
    return { name, ok: false, message: 'Does not answer, or refuses. Run `npm run doctor` for the cause.' };
  }
}

async function shippedNames(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(join(/*turbopackIgnore: true*/ process.cwd(), folder));
  return names.flatMap((name) => pattern.exec(name)?.[1] ?? []);
}

function demandApplied(shipped: readonly string[], applied: readonly string[]): void {
  const missing = shipped.filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  throw new AppError(
    'not_answerable',
    `Not applied: ${missing.join(', ')}.`,
    'Run `npm run migrate`; `npm start` does it by itself.',
  );
}
