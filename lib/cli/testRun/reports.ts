import { readFileSync } from 'node:fs';

/** What one suite said, read from its JSON report. */
export interface Tally {
  passed: number;
  failed: number;
  /** What failed, by name, where a report names it: a suite can fail as a whole. */
  failures: string[];
  skipped: string[];
}

/** Of a suite without single tests, or one that left no report. */
export const failedWhole = (): Tally => ({ passed: 0, failed: 1, failures: [], skipped: [] });

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** @param file JSON report of vitest. A file that could not be loaded counts as one failure. */
export function readVitest(file: string): Tally {
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const tally: Tally = { passed: 0, failed: 0, failures: [], skipped: [] };
  for (const suite of report.testResults) {
    if (suite.assertionResults.length === 0 && suite.status === 'failed') {
      tally.failed += 1;
      tally.failures.push(suite.name);
    }
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') tally.passed += 1;
      else if (test.status === 'failed') {
        tally.failed += 1;
        tally.failures.push(test.fullName);
      } else tally.skipped.push(test.fullName);
    }
  }
  return tally;
}

interface PlaywrightSuite {
  title: string;
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: {
      projectName: string;
      status: 'expected' | 'unexpected' | 'flaky' | 'skipped';
      annotations?: { type: string; description?: string }[];
    }[];
  }[];
}

/** @param file JSON report of Playwright. A flaky test counts as failed: retries are off, and luck is no proof. */
export function readPlaywright(file: string): Tally {
  const report = JSON.parse(readFileSync(file, 'utf8')) as { suites: PlaywrightSuite[]; errors?: unknown[] };
  const tally: Tally = { passed: 0, failed: report.errors?.length ?? 0, failures: [], skipped: [] };
  const visit = (suite: PlaywrightSuite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') tally.passed += 1;
        else if (test.status === 'skipped') {
          const reason = test.annotations?.find((annotation) => annotation.type === 'skip')?.description;
          tally.skipped.push(
            `${spec.title} [${test.projectName}]${reason === undefined ? '' : ` (${reason})`}`,
          );
        } else {
          tally.failed += 1;
          tally.failures.push(`${spec.title} [${test.projectName}]`);
        }
      }
    }
    for (const inner of suite.suites ?? []) visit(inner);
  };
  for (const suite of report.suites) visit(suite);
  return tally;
}
