import { parseArgs } from 'node:util';
import {
  applyKafka,
  applyRetention,
  kafkaSettingsFromEnv,
  migrateClickHouse,
  parseRetention,
} from '@/clickhouse/migrate';
import { MigrationError } from '@/lib/server/migrationError';
import { createPostgresMigration, migratePostgres } from '@/prisma/migrate';
import { withTargets } from './engines/withTargets';
import { findUnfilled } from './fillRollups';

const usage = `Usage: npm run migrate [-- OPTIONS]

Brings both databases up to date: creates what is missing, goes on where an earlier run was cut short, and sets how long
each table keeps its rows (WEIR_RETENTION, for example flows=35d,traffic_5m=keep). Where WEIR_KAFKA_BROKERS is set, ClickHouse
reads the topic from then on; off ends that. Running it again changes nothing.

  --again NNNN   run a half-applied ClickHouse migration again from its first statement
  --create NAME  write the PostgreSQL migration for a changed prisma/schema.prisma, and apply nothing
  --help         this text
`;

/** Exit codes: 0 = up to date, 1 = something needs a person (the message says what), 2 = wrong arguments. */
async function main(): Promise<number> {
  let options: { again?: string[]; create?: string; help?: boolean };
  try {
    options = parseArgs({
      options: {
        again: { type: 'string', multiple: true },
        create: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
    if (options.again?.some((number) => !/^\d{1,4}$/.test(number)))
      throw new Error('--again takes a number such as 0004');
    if (options.create !== undefined && !/^[a-z][a-z0-9_]*$/.test(options.create)) {
      throw new Error('--create takes a name of small letters, digits and underscores');
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }

  const retention = parseRetention(process.env.WEIR_RETENTION);
  const kafka = kafkaSettingsFromEnv();
  return withTargets(async ({ clickhouse, databaseUrl }) => {
    if (options.create !== undefined) {
      const file = await createPostgresMigration(databaseUrl, options.create);
      say(file === null ? 'The migrations already say what prisma/schema.prisma says.' : `Wrote ${file}`);
      return 0;
    }
    const postgres = await migratePostgres(databaseUrl, { log: (line) => say(`PostgreSQL  ${line}`) });
    if (postgres.applied.length === 0) say('PostgreSQL  up to date');
    const log = (line: string) => say(`ClickHouse  ${line}`);
    const flows = await migrateClickHouse(clickhouse, { log, again: (options.again ?? []).map(Number) });
    if (flows.applied.length === 0) say('ClickHouse  up to date');
    await applyRetention(clickhouse, retention, { log, onlyUnset: !process.env.WEIR_RETENTION });
    await applyKafka(clickhouse, kafka, { log });
    const unfilled = await findUnfilled(clickhouse);
    if (unfilled.length > 0) {
      say(
        `ClickHouse  ${unfilled.length} new rollups hold nothing yet of what was stored before: ${unfilled.join(', ')}. "npm run reconcile" makes them from the raw flows that are kept, "npm start" does so in the background; until then, and for what is older, questions go to other tables or say that nothing is kept.`,
      );
    }
    return 0;
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof MigrationError || (error instanceof Error && error.name !== 'TypeError');
    process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
