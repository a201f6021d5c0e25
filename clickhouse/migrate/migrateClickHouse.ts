import type { ClickHouseClient } from '@clickhouse/client';
import { MigrationError } from '@/lib/server/migrationError';
import { asOwner, reasonOf } from './asOwner';
import { ensureDictionaryAccount } from './dictionaryAccount';
import { type MigrationFile, migrationsDirectory, readMigrationFiles } from './files';
import { prepareLedger, readLedger, writeLedger } from './ledger';
import { type MigrationStep, planMigrations } from './plan';
import { renderStatement } from './render';
import { attachLeftViews, materializedViews, settleViews } from './settleViews';
import type { MigrationTarget } from './target';
import { untilViewsAreBack } from './viewsAway';

export interface MigrateOptions {
  /** Folder of `NNNN_name.sql` files; the product's own by default. */
  directory?: string;
  /** Numbers of half-applied migrations to run again from their first statement, whatever has changed in them. */
  again?: readonly number[];
  /** Called with a line for people for each thing done. */
  log?: (line: string) => void;
}

/**
 * Brings a ClickHouse database up to date: creates it, applies the migrations it lacks, goes on with one that an
 * earlier run left half done. Running it again changes nothing.
 *
 * @returns the names of the migrations applied now, in order
 * @throws MigrationError with the fix: a file changed after it was applied, a migration this version does not know,
 *   a statement that failed, a server that does not answer
 */
export async function migrateClickHouse(
  target: MigrationTarget,
  options: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const log = options.log ?? (() => {});
  const files = await readMigrationFiles(options.directory ?? migrationsDirectory);
  return asOwner(target, async (client) => {
    await prepareLedger(client, target);
    const rows = (await readLedger(client, target)).map((row) =>
      row.state === 'running' && options.again?.includes(row.number) ? { ...row, done: [] } : row,
    );
    const plan = planMigrations(files, rows);
    if (plan.problems.length > 0) throw new MigrationError(plan.problems);
    await attachLeftViews(client, target);
    const before = await materializedViews(client, target);
    for (const step of plan.steps) await applyStep(client, target, step, log);
    const now = await materializedViews(client, target);
    const changed = changedViews(plan.steps);
    await settleViews(
      client,
      target,
      [...now.keys()].filter((view) => before.get(view) !== now.get(view) || changed.has(view)),
    );
    await ensureDictionaryAccount(client, target, files, log);
    return { applied: plan.steps.map((step) => step.file.name) };
  });
}

/** Views whose query a step changes, perhaps to what another run has made of it meanwhile. */
function changedViews(steps: readonly MigrationStep[]): Set<string> {
  const statements = steps.flatMap(({ file, from }) => file.statements.slice(from));
  return new Set(statements.flatMap((text) => /\bALTER TABLE \{\{db\}\}\.(\w+_mv)\b/.exec(text)?.[1] ?? []));
}

async function applyStep(
  client: ClickHouseClient,
  target: MigrationTarget,
  { file, from }: MigrationStep,
  log: (line: string) => void,
): Promise<void> {
  const total = file.statements.length;
  if (from > 0)
    log(`${file.name}: an earlier run was cut short after ${from} of ${total} statements; going on`);
  const done = file.statementChecksums.slice(0, from);
  const write = (state: 'running' | 'applied') =>
    writeLedger(client, target, {
      number: file.number,
      name: file.name,
      checksum: file.checksum,
      statements: total,
      done,
      state,
    });

  await write('running');
  for (let index = from; index < total; index += 1) {
    await runStatement(client, target, file, index);
    done.push(file.statementChecksums[index] ?? '');
    await write(index + 1 === total ? 'applied' : 'running');
  }
  if (from === total) await write('applied');
  log(`${file.name}: applied (${total} statements)`);
}

async function runStatement(
  client: ClickHouseClient,
  target: MigrationTarget,
  file: MigrationFile,
  index: number,
): Promise<void> {
  try {
    const query = renderStatement(file.statements[index] ?? '', target);
    if (query === '') return;
    if (query.includes('_mv')) await untilViewsAreBack(() => client.command({ query }));
    else await client.command({ query });
  } catch (error) {
    const reason = reasonOf(error, target);
    throw new MigrationError([
      {
        code: 'statement_failed',
        migration: file.name,
        message: `Statement ${index + 1} of ${file.statements.length} of ${file.name}.sql failed: ${reason}\n  It begins: ${beginning(file.statements[index])}`,
        fix: 'remove the cause (a right the owner lacks, disk space, a mistake in the statement) and run "npm run migrate" again: statements that ran are not run again.',
      },
    ]);
  }
}

function beginning(statement: string | undefined): string {
  return (statement ?? '').replace(/\s+/g, ' ').slice(0, 100);
}
