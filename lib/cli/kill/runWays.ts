import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onStopRequest } from '../engines/stopRequest';
import { buildIsCurrent } from '../web/build';
import { killWays } from './killWays';

/**
 * `npx tsx --conditions=react-server lib/cli/kill/runWays.ts [KILLS] [SEED]`: kills the engine, the following command and the web server of
 * an instance of its own in the middle of a follow and of HTTP batches, and checks that flows and every rollup hold each record exactly
 * once. With a current build (`npm run build`, `npm start`) the web server is that of `npm start`. Exit code 1 when something differs.
 */
const kills = Number(process.argv[2] ?? 50);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: runWays.ts [KILLS] [SEED], both whole numbers\n');
  process.exit(2);
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'weir-kill-ways-'));
// As root PostgreSQL runs as another account, which has to get through.
await chmod(folder, 0o711);
process.env.WEIR_DATA = join(folder, 'data');
process.env.CLICKHOUSE_URL = '';
process.env.DATABASE_URL = '';
onStopRequest(() => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
});
try {
  const web = buildIsCurrent() ? 'app' : 'route';
  say(
    `Web server: ${web === 'app' ? 'the built app, as npm start serves it' : 'the route module of POST /api/ingest in a process of its own (there is no current build)'}`,
  );
  const result = await killWays({ kills, seed, web }, say);
  for (const [name, { kills: all, hits }] of Object.entries(result.counts)) {
    say(`${name}: ${all} kills, ${hits} of them in the middle of a batch`);
  }
  const [first, second] = result.reports;
  say(
    `${result.requests} requests, ${result.repeats} attempts repeated; ${result.records.http} records sent, ${result.records.files} written into files; reconcile found ${first.batches.length} batches and ${first.rollups.length} rollup partitions, then ${second.batches.length} and ${second.rollups.length}: ${result.wrong.length === 0 ? 'flows and every rollup exact' : 'NOT EXACT'}`,
  );
  for (const line of result.wrong) say(line);
  process.exitCode = result.wrong.length === 0 && first.ok && second.batches.length === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
