import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from './testRun/browser';
import { failedWhole, readPlaywright, readVitest, type Tally } from './testRun/reports';
import { ensureBuild, projectRoot } from './web/build';

/**
 * `npm test`: everything that must hold, in one command. Prints each suite as it runs, then the names of what failed
 * and what was skipped, and last `N passed, N failed` over all suites as their JSON reports say. With --ci a skipped test is a failure.
 */
const reports = join(projectRoot, '.reports');
const ci = process.argv.includes('--ci');
const only = process.argv
  .filter((arg) => arg.startsWith('--only='))
  .flatMap((arg) => arg.slice(7).split(','));

interface Suite {
  name: string;
  run(): Promise<Tally>;
}

function command(name: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(name, args, {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** A check without single tests in it counts as one. */
const check = (name: string, ...steps: string[][]): Suite => ({
  name,
  async run() {
    for (const [program = '', ...args] of steps) {
      if ((await command(program, args)) !== 0) return failedWhole();
    }
    return { passed: 1, failed: 0, failures: [], skipped: [] };
  },
});

/** A suite that exits non-zero without a failed test in its report failed as a whole. */
async function withReport(
  file: string,
  read: (file: string) => Tally,
  run: () => Promise<number>,
): Promise<Tally> {
  rmSync(file, { force: true });
  const code = await run();
  if (!existsSync(file)) return failedWhole();
  const tally = read(file);
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  if (tally.passed + tally.failed === 0) tally.failed = 1;
  return tally;
}

const vitest = (project: string): Suite => ({
  name: `${project} tests`,
  run: () => {
    const file = join(reports, `${project}.json`);
    return withReport(file, readVitest, () =>
      command('npx', [
        'vitest',
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ]),
    );
  },
});

const browser: Suite = {
  name: 'browser tests',
  async run() {
    const chromium = ensureChromium();
    await ensureBuild(join(reports, 'build.log'));
    const file = join(reports, 'browser.json');
    return withReport(file, readPlaywright, () =>
      command('npx', ['playwright', 'test'], { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
    );
  },
};

const suites: Suite[] = [
  check('lint', ['npx', 'biome', 'check', '.']),
  check('types', ['npm', 'run', '--silent', 'types']),
  vitest('unit'),
  vitest('integration'),
  browser,
].filter((suite) => only.length === 0 || only.some((name) => suite.name.startsWith(name)));

mkdirSync(reports, { recursive: true });
const total: Tally = { passed: 0, failed: 0, failures: [], skipped: [] };
for (const suite of suites) {
  process.stdout.write(`\n== ${suite.name}\n`);
  const started = performance.now();
  let tally: Tally;
  try {
    tally = await suite.run();
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    tally = failedWhole();
  }
  total.passed += tally.passed;
  total.failed += tally.failed;
  // A suite that failed as a whole is named itself.
  const failures = tally.failed > 0 && tally.failures.length === 0 ? ['failed as a whole'] : tally.failures;
  total.failures.push(...failures.map((name) => `${suite.name}: ${name}`));
  total.skipped.push(...tally.skipped.map((name) => `${suite.name}: ${name}`));
  process.stdout.write(
    `== ${suite.name}: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped.length} skipped in ${Math.round((performance.now() - started) / 1000)} s\n`,
  );
}

for (const name of total.failures) process.stdout.write(`failed: ${name}\n`);
for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`);
if (ci && total.skipped.length > 0) {
  process.stdout.write(`${total.skipped.length} skipped tests count as failures here.\n`);
  total.failed += total.skipped.length;
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 ? 0 : 1);
