import { fillRollups } from './fillRollups';
import { loadPlaces } from './loadPlaces';
import { startMaintenance } from './maintenance';
import { readStartOptions } from './options';
import { createProgress } from './progress';
import { runUntilStopped } from './runUntilStopped';
import { startStack } from './stack';

const usage = `Usage: npm start [-- --port N] [--dev]

Serves the dashboard. CLICKHOUSE_URL and DATABASE_URL name your own servers; whichever is not set is replaced by an embedded
one whose data stands in .data (WEIR_DATA moves it).

  --port N   port of the dashboard (default 3000, or the next free one)
  --dev      rebuild on change, for work on Weir itself
`;

async function main(): Promise<number> {
  const options = readStartOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const progress = createProgress();
  progress.line('Weir is starting.');
  return runUntilStopped(progress, async (signal) => {
    const stack = await startStack({ progress, port: options.port, dev: options.dev });
    progress.line(`\n  Dashboard   ${stack.web.url}`);
    progress.line('  Stop        Ctrl-C\n');
    let stopMaintenance = async (): Promise<void> => {};
    void fillRollups(stack.targets, progress)
      .then(() => loadPlaces(stack.targets, progress, signal))
      .then(() => {
        if (!signal.aborted) stopMaintenance = startMaintenance(stack.targets, progress);
      });
    return {
      web: stack.web,
      async stop() {
        await stopMaintenance();
        await stack.stop();
      },
    };
  });
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
