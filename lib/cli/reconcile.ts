import { parseArgs } from 'node:util';
import { demoRemake } from '@/clickhouse/demo/remakeDemoBatch';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { reportLines } from '@/lib/server/ingest/reconcile/report';
import { withTargets } from './engines/withTargets';
import { explainError } from './explainError';

const usage = `Usage: npm run reconcile [-- OPTIONS]

Compares every batch of the ledger with the stored flows, and every rollup with what it is made from. What is missing is sent
again, what differs is made again.

  --doubtful   only unfinished batches and those of the last hour before the newest, as after an unclean stop
  --check      find and report, mend nothing
  --json       print the report as one JSON object
  --help       this text

Exit code 0: everything agrees, or was mended. 1: something remains (or was found, with --check). 2: wrong arguments.
`;

async function main(): Promise<number> {
  let options: { doubtful?: boolean; check?: boolean; json?: boolean; help?: boolean };
  try {
    options = parseArgs({
      options: {
        doubtful: { type: 'boolean' },
        check: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  return withTargets(async (targets) => {
    const report = await reconcile(targets, {
      scope: options.doubtful ? 'doubtful' : 'all',
      mend: !options.check,
      remake: demoRemake(targets.clickhouse),
      onStep: (text) => {
        if (process.stderr.isTTY) process.stderr.write(`  … ${text}\n`);
      },
    });
    process.stdout.write(
      options.json ? `${JSON.stringify(report)}\n` : `${reportLines(report).join('\n')}\n`,
    );
    return report.ok ? 0 : 1;
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explainError(error)}\n`);
    process.exitCode = 1;
  },
);
