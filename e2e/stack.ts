import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyRetention, parseRetention } from '../clickhouse/migrate';
import { startTestClickHouse } from '../clickhouse/testing/testEngine';
import { ensureBuild, projectRoot } from '../lib/cli/web/build';
import { freePortFrom, startWebServer } from '../lib/cli/web/server';
import { targetsToEnv } from '../lib/server/env';
import { loadNetwork } from '../lib/server/reference/network/loadNetwork';
import { loadTaxonomy } from '../lib/server/reference/taxonomy/loadTaxonomy';
import { seedDemoPeople } from '../prisma/seed';
import { startTestDatabase } from '../prisma/testing/testDatabase';
import { networkFile, places, pmacctLines, SLOT_SECONDS, SLOTS } from './knownFlows';

/**
 * What the browser tests run against, as a process of its own: real engines in fresh folders, the production build, and three
 * dashboards: one with known flows, one without any, one whose ClickHouse does not answer. Prints one line of JSON when
 * everything is up and ends when its standard input closes.
 */
const folder = mkdtempSync(join(tmpdir(), 'weir-browser-'));
const logs = join(folder, 'logs');
mkdirSync(logs, { recursive: true });

await ensureBuild(join(logs, 'build.log'));
const [clickhouse, empty, postgres] = await Promise.all([
  startTestClickHouse(),
  startTestClickHouse(),
  startTestDatabase(),
]);
const people = await seedDemoPeople(postgres.databaseUrl, join(folder, 'people.json'));

// As an installation has it that sets nothing: raw flows for some weeks, sums for ever.
await applyRetention(clickhouse.target, parseRetention(''));

writeFileSync(join(folder, 'network.yaml'), networkFile);
for (const target of [clickhouse.target, empty.target]) {
  await loadNetwork(target, join(folder, 'network.yaml'));
  await loadTaxonomy(target);
}

// The real address table takes minutes to build; a few prefixes place the known networks.
await clickhouse.owner.insert({ table: 'geo_prefixes', values: [...places], format: 'JSONEachRow' });
await clickhouse.owner.insert({
  table: 'reference_versions',
  values: [{ name: 'geo', version: 1, loaded_at: Math.floor(Date.now() / 1000) }],
  format: 'JSONEachRow',
});
await clickhouse.owner.command({ query: 'SYSTEM RELOAD DICTIONARY geo_dict' });

// Begins on a full hour, because distinct addresses are kept by the hour, and ends before now, so that all of it has arrived.
const firstSlot = Math.floor((Date.now() / 1000 - (SLOTS + 1) * SLOT_SECONDS) / 3600) * 3600;
const lastSlot = firstSlot + (SLOTS - 1) * SLOT_SECONDS;
const flowsFile = join(folder, 'flows.json');
writeFileSync(flowsFile, pmacctLines(firstSlot));
const environment = {
  ...targetsToEnv({ clickhouse: clickhouse.target, databaseUrl: postgres.databaseUrl }),
  WEIR_DATA: folder,
};
const imported = execFileSync(
  'npm',
  ['run', '--silent', 'ingest', '--', '--format', 'pmacct-json', '--json', flowsFile],
  {
    cwd: projectRoot,
    env: { ...process.env, ...environment, NODE_OPTIONS: '' },
    encoding: 'utf8',
  },
);

const web = async (first: number, target: typeof clickhouse.target, name: string) =>
  startWebServer({
    port: await freePortFrom(first),
    dev: false,
    env: {
      ...targetsToEnv({ clickhouse: target, databaseUrl: postgres.databaseUrl }),
      WEIR_DATA: folder,
      NEXTAUTH_SECRET: 'of-the-browser-tests-only',
    },
    logFile: join(logs, `${name}.log`),
  });
const servers = [
  await web(3400, clickhouse.target, 'data'),
  await web(3500, empty.target, 'empty'),
  // Port 9 (discard) is served nowhere on a loopback of today.
  await web(3600, { ...clickhouse.target, url: 'http://127.0.0.1:9' }, 'down'),
];

async function stop(): Promise<never> {
  await Promise.allSettled(servers.map((server) => server.stop()));
  await Promise.allSettled([clickhouse.stop(), empty.stop(), postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}
process.stdin.resume();
process.stdin.on('end', stop);
process.on('SIGTERM', stop);

const [data, none, down] = servers.map(({ url }) => url);
process.stdout.write(
  `${JSON.stringify({ data, none, down, people, firstSlot, lastSlot, imported: JSON.parse(imported) })}\n`,
);
