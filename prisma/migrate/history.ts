import { createHash } from 'node:crypto';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import type { Client } from 'pg';
import { z } from 'zod';
import type { MigrationProblem } from '@/lib/server/migrationError';

/** A row of `_prisma_migrations` that has not been rolled back. */
export interface HistoryRow {
  name: string;
  /** SHA-256 (hex) of migration.sql when it ran. */
  checksum: string;
  finished: boolean;
}

export interface PostgresPlan {
  /** Wholly applied, in order. */
  applied: string[];
  /** To apply, in order; includes `resumed`. */
  pending: string[];
  /** Cut short earlier, to be marked as rolled back first. */
  resumed: string[];
  problems: MigrationProblem[];
}

const rows = z.array(z.object({ migration_name: z.string(), checksum: z.string(), finished: z.boolean() }));

/** What the database remembers, oldest first; empty where nothing was ever migrated. */
export async function readHistory(client: Client): Promise<HistoryRow[]> {
  const exists = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`);
  if (!z.array(z.object({ found: z.boolean() })).parse(exists.rows)[0]?.found) return [];
  const result = await client.query(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name, started_at`,
  );
  return rows
    .parse(result.rows)
    .map(({ migration_name, checksum, finished }) => ({ name: migration_name, checksum, finished }));
}

/** Compares the files with what the database remembers. Pure. */
export function planPostgres(list: MigrationList, history: readonly HistoryRow[]): PostgresPlan {
  const plan: PostgresPlan = { applied: [], pending: [], resumed: [], problems: [] };
  const byName = new Map(history.map((row) => [row.name, row]));
  const newest = list.migrationDirectories.at(-1)?.path ?? '';
  for (const { path: name, migrationFile } of list.migrationDirectories) {
    const row = byName.get(name);
    byName.delete(name);
    if (migrationFile.content.tag === 'error') plan.problems.push(unreadable(name));
    else if (row === undefined) plan.pending.push(name);
    else if (!row.finished) planResumed(plan, name, migrationFile.content.value);
    else if (!checksums(migrationFile.content.value).includes(row.checksum))
      plan.problems.push(changed(name));
    else plan.applied.push(name);
  }
  for (const row of byName.values()) plan.problems.push(unknown(row.name, newest));
  return plan;
}

/** PostgreSQL undoes a script that is cut short, unless the script itself steps out of its transaction. */
function planResumed(plan: PostgresPlan, name: string, sql: string): void {
  if (/\b(COMMIT|ROLLBACK|CONCURRENTLY|VACUUM)\b/i.test(sql)) {
    plan.problems.push({
      code: 'half_applied',
      migration: name,
      message: `PostgreSQL migration ${name} was cut short, and it steps out of its transaction, so a part of it may have been kept.`,
      fix: `compare the database with prisma/migrations/${name}/migration.sql, undo by hand what is there of it, then: UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '${name}' AND finished_at IS NULL; and run "npm run migrate" again.`,
    });
    return;
  }
  plan.pending.push(name);
  plan.resumed.push(name);
}

/** Prisma takes a file with CRLF line ends for the same file. */
function checksums(sql: string): string[] {
  return [sql, sql.replaceAll('\r\n', '\n'), sql.replaceAll(/\r?\n/g, '\r\n')].map((text) =>
    createHash('sha256').update(text).digest('hex'),
  );
}

function changed(name: string): MigrationProblem {
  return {
    code: 'changed',
    migration: name,
    message: `PostgreSQL migration ${name} has changed since it was applied.`,
    fix: `bring prisma/migrations/${name}/migration.sql back as it was (git log -- prisma/migrations/${name}) and put the change into a new migration ("npm run migrate -- --create NAME").`,
  };
}

function unreadable(name: string): MigrationProblem {
  return {
    code: 'bad_file',
    migration: name,
    message: `The folder prisma/migrations/${name} has no readable migration.sql.`,
    fix: 'bring the file back from version control, or delete the folder if it was never applied.',
  };
}

function unknown(name: string, newest: string): MigrationProblem {
  if (name > newest) {
    return {
      code: 'newer',
      migration: name,
      message: `The PostgreSQL database has migration ${name}, which this version of Weir does not know (its newest is ${newest || 'none'}).`,
      fix: 'update Weir to the version that wrote it, or point DATABASE_URL (embedded: WEIR_DATA) at another database.',
    };
  }
  return {
    code: 'missing_file',
    migration: name,
    message: `The PostgreSQL database has migration ${name}, but its file is missing.`,
    fix: `bring prisma/migrations/${name}/migration.sql back (git log --all -- prisma/migrations/${name}).`,
  };
}
