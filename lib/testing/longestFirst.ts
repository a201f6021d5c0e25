import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Short files that take long. Where nothing was measured yet, Vitest begins with the largest files. */
const LONGEST = [
  'clickhouse/demo/generateDemo.itest.ts',
  'lib/cli/kill/killWays.itest.ts',
  'lib/cli/kill/kill.itest.ts',
  'lib/server/reference/reenrich/reenrich.itest.ts',
];

/** Begins with what takes longest: begun last, it alone would keep the run from ending, with nothing left to do beside it. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = LONGEST.findIndex((file) => moduleId.endsWith(file));
  return found === -1 ? LONGEST.length : found;
}
