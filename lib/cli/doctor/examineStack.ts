import { createClient } from '@clickhouse/client';
import { clickhouseMigrationStatus } from '@/clickhouse/migrate';
import type { Targets } from '@/lib/server/env';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { currentLoad } from '@/lib/server/reference/loads';
import { withOwner } from '@/lib/server/reference/target';
import { openDatabase } from '@/lib/server/repos/database';
import { countPeople } from '@/lib/server/repos/people';
import { postgresMigrationStatus } from '@/prisma/migrate';
import {
  clickhouseIsSupported,
  examine,
  type Finding,
  fail,
  LEAST_CLICKHOUSE,
  nodeIsSupported,
  ok,
  warn,
} from './check';
import { examineExporters } from './examineExporters';
import { examineKafka } from './examineKafka';

const HOUR_MS = 3_600_000;

export function examineNode(): Finding {
  return nodeIsSupported(process.version)
    ? ok('Node', process.version)
    : fail('Node', process.version, 'Install Node 20.19 or newer, 22.12 or newer, or 24 and up.');
}

/** Everything about the two servers and what is stored in them. Changes nothing. */
export async function examineStack(targets: Targets, options: { reconcile: boolean }): Promise<Finding[]> {
  const looks = [
    () => examineClickHouse(targets),
    () => examinePostgres(targets),
    () => examineMigrations(targets),
    () => examineReference(targets),
    () => examineData(targets),
    () => examineExporters(targets),
    () => examineKafka(targets),
    ...(options.reconcile ? [() => examineStored(targets)] : []),
  ];
  const findings: Finding[] = [];
  for (const look of looks) findings.push(...(await look()));
  return findings;
}

function examineClickHouse({ clickhouse }: Targets): Promise<Finding[]> {
  const fix =
    'See that the server runs and that CLICKHOUSE_URL and the CLICKHOUSE_*_PASSWORD variables are right.';
  return examine('ClickHouse', fix, async () => {
    const answers: Finding[] = [];
    for (const account of ['owner', 'reader', 'ingest'] as const) {
      const { user, password } = clickhouse[account];
      const client = createClient({ url: clickhouse.url, username: user, password, log: { level: 127 } });
      try {
        const answer = await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' });
        const [row] = await answer.json<{ version: string }>();
        const version = row?.version ?? 'unknown';
        if (account !== 'owner') continue;
        answers.push(
          clickhouseIsSupported(version)
            ? ok('ClickHouse', `${version} at ${clickhouse.url}`)
            : fail('ClickHouse', version, `Upgrade ClickHouse to ${LEAST_CLICKHOUSE.join('.')} or newer.`),
        );
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        answers.push(
          fail(
            'ClickHouse',
            `the account "${user}" (${account}) is refused or unreachable: ${why.slice(0, 200)}`,
            fix,
          ),
        );
        if (account === 'owner') break;
      } finally {
        await client.close();
      }
    }
    return answers;
  });
}

function examinePostgres({ databaseUrl }: Targets): Promise<Finding[]> {
  const fix = 'See that the server runs and that DATABASE_URL is right.';
  return examine('PostgreSQL', fix, async () => {
    const db = openDatabase(databaseUrl);
    try {
      const [row] = await db.$queryRaw<
        { version: string }[]
      >`SELECT current_setting('server_version') AS version`;
      const found = [ok('PostgreSQL', row?.version ?? 'unknown')];
      const people = await countPeople(db).catch(() => null);
      if (people === 0)
        found.push(
          warn(
            'People',
            'nobody can sign in',
            'Make the first admin: npm run person -- you@example.com --role admin',
          ),
        );
      else if (people !== null) found.push(ok('People', `${people} can sign in`));
      return found;
    } finally {
      await db.$disconnect();
    }
  });
}

async function examineMigrations(targets: Targets): Promise<Finding[]> {
  const one = (name: string, status: () => ReturnType<typeof clickhouseMigrationStatus>) =>
    examine(name, 'Run npm run migrate.', async () => {
      const { applied, pending, problems } = await status();
      if (problems.length > 0) return problems.map(({ message, fix }) => fail(name, message, fix));
      if (pending.length > 0)
        return fail(name, `${pending.length} not applied: ${pending.join(', ')}`, 'Run npm run migrate.');
      return ok(name, `${applied.length} applied`);
    });
  return [
    ...(await one('ClickHouse migrations', () => clickhouseMigrationStatus(targets.clickhouse))),
    ...(await one('PostgreSQL migrations', () => postgresMigrationStatus(targets.databaseUrl))),
  ];
}

interface DictionaryRow {
  name: string;
  status: string;
  elements: string;
  bytes: string;
  last_exception: string;
}

function examineReference({ clickhouse }: Targets): Promise<Finding[]> {
  return examine('Reference data', 'Run npm run reference -- load.', () =>
    withOwner(clickhouse, async (client) => {
      const found: Finding[] = [];
      for (const name of ['network', 'taxonomy', 'asn', 'geo'] as const) {
        const load = await currentLoad(client, name);
        if (load.version > 0)
          found.push(
            ok(
              `Reference: ${name}`,
              `version ${load.version}, ${load.rows.toLocaleString('en-US')} rows, ${load.loadedAt.slice(0, 16)} UTC`,
            ),
          );
        else if (name === 'geo')
          found.push(
            warn(
              'Reference: geo',
              'not loaded: flows get no country and no metro',
              'Run npm run reference -- load; it takes about a minute, once.',
            ),
          );
        else
          found.push(
            fail(
              `Reference: ${name}`,
              'never loaded: flows are stored without it',
              'Run npm run reference -- load.',
            ),
          );
      }
      const answer = await client.query({
        query: `SELECT name, toString(status) AS status, toString(element_count) AS elements, toString(bytes_allocated) AS bytes, last_exception
                FROM system.dictionaries WHERE database = {database:String} ORDER BY name`,
        query_params: { database: clickhouse.database },
        format: 'JSONEachRow',
      });
      const rows = await answer.json<DictionaryRow>();
      const broken = rows.filter(
        ({ status, last_exception }) => status.includes('FAILED') || last_exception !== '',
      );
      for (const { name, last_exception } of broken)
        found.push(
          fail(`Dictionary ${name}`, last_exception.slice(0, 200), 'Run npm run reference -- load.'),
        );
      const megabytes = rows.reduce((sum, { bytes }) => sum + Number(bytes), 0) / 2 ** 20;
      if (rows.length === 0) found.push(fail('Dictionaries', 'none', 'Run npm run migrate.'));
      else if (broken.length === 0)
        found.push(ok('Dictionaries', `${rows.length}, ${megabytes.toFixed(0)} MiB in memory`));
      return found;
    }),
  );
}

function examineData({ clickhouse }: Targets): Promise<Finding[]> {
  return examine('Flow records', 'Run npm run migrate.', () =>
    withOwner(clickhouse, async (client) => {
      const answer = await client.query({
        query: `SELECT toString(sum(flow_records)) AS records, toUnixTimestamp(max(last_recv)) AS received, toString(max(last_recv)) AS at FROM coverage_5m`,
        format: 'JSONEachRow',
      });
      const [row] = await answer.json<{ records: string; received: number; at: string }>();
      if (row === undefined || row.records === '0') {
        return warn(
          'Flow records',
          'none yet',
          'Import some: npm run ingest -- --format nfdump-json --zone UTC FILE, or see npm run demo.',
        );
      }
      const age = Date.now() - row.received * 1000;
      const text = `${Number(row.records).toLocaleString('en-US')} counted, last received ${row.at} UTC`;
      return age > HOUR_MS
        ? warn(
            'Flow records',
            text,
            `Nothing came for ${(age / HOUR_MS).toFixed(1)} hours: see that the collectors send.`,
          )
        : ok('Flow records', text);
    }),
  );
}

function examineStored(targets: Targets): Promise<Finding[]> {
  return examine('Exactly once', 'Run npm run reconcile.', async () => {
    const report = await reconcile(targets, { scope: 'all', mend: false });
    const wrong = report.batches.length + report.rollups.length;
    if (wrong > 0)
      return fail(
        'Exactly once',
        `${wrong} differences between ledger, flows and rollups: ${[...report.batches, ...report.rollups]
          .slice(0, 3)
          .map(({ text }) => text)
          .join('; ')}`,
        'Run npm run reconcile.',
      );
    return ok(
      'Exactly once',
      `${report.checked.batches} batches and ${report.checked.rollups} rollups agree (${report.seconds.toFixed(1)} s)`,
    );
  });
}
