// A supervisor for tests: starts the engines, says where they are in one line of JSON, and runs until it is asked to
// stop. "reconciled" on standard input is what a command says that has checked the stored batches.
import { onStopRequest } from '../stopRequest';
import { startEngines } from '../supervise';

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const engines = await startEngines({
    command: 'test',
    log: (line) => say({ log: line }),
    onRestart: (engine) => say({ restarted: engine, uncleanStop: engines.uncleanStop }),
  });
  onStopRequest(() => {
    engines.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  process.stdin.on('data', (text) => {
    if (String(text).includes('reconciled')) engines.reconciled().then(() => say({ reconciled: true }));
  });
  say({
    ready: true,
    targets: engines.targets,
    embedded: engines.embedded,
    uncleanStop: engines.uncleanStop,
    appEnv: engines.appEnv,
  });
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) });
  process.exit(3);
}
