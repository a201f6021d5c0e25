import { demoRemake } from '@/clickhouse/demo/remakeDemoBatch';
import { parseRetention } from '@/clickhouse/migrate';
import { dataPaths } from '@/lib/server/paths';
import { placeExampleNetwork } from '@/lib/server/reference/network/placeExample';
import { type DemoPerson, seedDemoPeople } from '@/prisma/seed';
import { type DemoHistory, startDemoHistory } from './demoHistory';
import { readStartOptions } from './options';
import { createProgress } from './progress';
import { runUntilStopped } from './runUntilStopped';
import { startStack } from './stack';

const usage = `Usage: npm run demo [-- --port N]

Serves the dashboard on generated flow records from 2025-07-01 to now, with a live feed that goes on while it runs.
Everything stands in .data (WEIR_DATA moves it); the second start finds it there.

  --port N   port of the dashboard (default 3000, or the next free one)
`;

async function main(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const progress = createProgress();
  progress.line(
    'The Weir demo is starting. The first start makes 17 months of flow records and takes a few minutes.',
  );
  return runUntilStopped(progress, async () => {
    let people: DemoPerson[] = [];
    let history: DemoHistory | null = null;
    try {
      // The demo's flows come from the routers of this file; a file that is there stays.
      await placeExampleNetwork(dataPaths().networkFile);
      const stack = await startStack({
        progress,
        port: options.port,
        dev: options.dev,
        // The demo's history is older than raw flows are usually kept, and there to be looked into.
        retention: parseRetention(process.env.WEIR_RETENTION || 'all=keep'),
        remake: demoRemake,
        async afterMigrations(targets) {
          people = await seedDemoPeople(targets.databaseUrl);
          history = startDemoHistory(targets, progress);
          await history.recentReady;
        },
      });
      progress.line(`\n  Dashboard   ${stack.web.url}`);
      for (const { email, password, role } of people) {
        progress.line(`  Sign in     ${email.padEnd(24)}${password}   ${role}`);
      }
      const running: DemoHistory | null = history;
      const waits = (running as DemoHistory | null)?.isWhole() ? '' : ', as soon as the older days are made';
      progress.line(`  Live feed   new flows every ten seconds${waits}`);
      progress.line('  Stop        Ctrl-C\n');
      (running as DemoHistory | null)?.goOn();
      return {
        web: stack.web,
        async stop() {
          await (running as DemoHistory | null)?.stop();
          await stack.stop();
        },
      };
    } catch (error) {
      await (history as DemoHistory | null)?.stop();
      throw error;
    }
  });
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
