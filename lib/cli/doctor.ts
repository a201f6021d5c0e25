import { parseArgs } from 'node:util';
import { type Finding, fail, findingLines } from './doctor/check';
import { examineNode, examineStack } from './doctor/examineStack';
import { withTargets } from './engines/withTargets';

const usage = `Usage: npm run doctor [-- --json] [--quick]

Checks Node, both servers, migrations, reference data, dictionaries, the freshness of the data, exporters, and that ledger, flows and
rollups agree. Says what to do about each failure. Changes nothing.

  --quick   leave out the comparison of ledger, flows and rollups
  --json    print the findings as JSON

Exit code 0: no failure (warnings may be there). 1: at least one failure. 2: wrong arguments.
`;

async function main(): Promise<number> {
  let options: { json?: boolean; quick?: boolean; help?: boolean };
  try {
    options = parseArgs({
      options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    // The reason last, where it stays on the screen.
    process.stderr.write(`${usage}\n${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const findings: Finding[] = [examineNode()];
  try {
    findings.push(...(await withTargets((targets) => examineStack(targets, { reconcile: !options.quick }))));
  } catch (error) {
    findings.push(
      fail(
        'Servers',
        error instanceof Error ? error.message : String(error),
        'Mend what the message names, then run npm run doctor again.',
      ),
    );
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(findings)}\n` : `${findingLines(findings).join('\n')}\n`,
  );
  return findings.some(({ state }) => state === 'fail') ? 1 : 0;
}

process.exitCode = await main();
