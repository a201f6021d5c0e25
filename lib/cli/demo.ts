import { generateDemo } from '@/clickhouse/demo/generateDemo';
import { startLiveFeed } from '@/clickhouse/demo/liveFeed';
import type { Targets } from '@/lib/server/env';
import { dataPaths } from '@/lib/server/paths';
import { seedDemoPeople } from '@/prisma/seed';
import { DEMO_SEED, demoRetention } from './demoSettings';
import { finishGeography } from './finishGeography';
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
    'The Weir demo is starting. The first start makes about 10 million flow records and takes a few minutes.',
  );
  return runUntilStopped(progress, async (signal) => {
    let people: Awaited<ReturnType<typeof seedDemoPeople>> = [];
    const makeData = async (targets: Targets): Promise<void> => {
      people = await seedDemoPeople(targets.databaseUrl);
      await progress.step(
        'Demo data',
        (report) =>
          generateDemo(targets.clickhouse, { seed: DEMO_SEED, end: new Date(), onProgress: report, signal }),
        (made) => made.text,
      );
    };
    const stack = await startStack({
      progress,
      port: options.port,
      dev: options.dev,
      retention: demoRetention(process.env.WEIR_RETENTION),
      afterMigrations: makeData,
    });
    const feed = startLiveFeed(stack.targets.clickhouse, {
      seed: DEMO_SEED,
      onError: (error) => progress.line(`  Live feed: ${error.message}`),
    });
    progress.line(`\n  Dashboard   ${stack.web.url}`);
    for (const person of people)
      progress.line(`  Sign in     ${person.email.padEnd(28)} ${person.password}   (${person.role})`);
    progress.line('  Live feed   new flows every few seconds while this runs');
    progress.line('  Stop        Ctrl-C\n');
    finishGeography(stack.targets.clickhouse, dataPaths(), progress).catch((error: unknown) =>
      progress.line(
        `  Countries and metros are not loaded: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
    return {
      web: stack.web,
      async stop() {
        await feed.stop();
        await stack.stop();
      },
    };
  });
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
