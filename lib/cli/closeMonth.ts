import { parseArgs } from 'node:util';
import { withTargets } from './engines/withTargets';
import { explainError } from './explainError';
import { closeMonthsNow } from './maintenance';

const usage = `Usage: npm run close-month [-- --json]

Writes the heaviest addresses, prefixes and pairs of every UTC month that is over, and of every quarter that is over and whose days are
kept: what is kept of single addresses for years. A running server does so by itself within the hour. Running it again changes nothing,
unless records came later.

  --json   print the report as one JSON object
`;

/** Exit codes: 0 = every month that is over is closed, 1 = a month cannot be closed (it says why), 2 = wrong arguments. */
async function main(): Promise<number> {
  let options: { json?: boolean; help?: boolean };
  try {
    options = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  return withTargets(async (targets) => {
    const report = await closeMonthsNow(targets, {
      onStep: (text) => {
        if (process.stderr.isTTY) process.stderr.write(`  … ${text}\n`);
      },
    });
    const lines = [
      ...report.closed.map(
        ({ table, month, first }) => `${first ? 'closed' : 'made again'}: ${table} of ${month}`,
      ),
      ...report.left.map((text) => `NOT CLOSED: ${text}`),
    ];
    if (lines.length === 0) lines.push('Every month that is over is closed.');
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `${lines.join('\n')}\n`);
    return report.left.length === 0 ? 0 : 1;
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${explainError(error)}\n`);
    process.exit(1);
  },
);
