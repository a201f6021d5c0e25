import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import LongestFirst from './lib/testing/longestFirst.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  resolve: {
    // 'server-only' throws outside a server bundle, and tests are outside of every bundle.
    alias: [
      { find: /^server-only$/, replacement: `${root}lib/testing/empty.ts` },
      { find: /^@\//, replacement: root },
    ],
  },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{lib,components,app,clickhouse,prisma}/**/*.test.{ts,tsx}', '.layout/**/*.test.ts'],
          environment: 'node',
          // Properties over thousands of cases take their time on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{lib,app,clickhouse,prisma}/**/*.itest.ts'],
          environment: 'node',
          globalSetup: ['lib/testing/runFolder.ts', 'clickhouse/testing/prepareOnce.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each file starts engines of its own and waits for them a good part of its time: two cores carry three files at once.
          maxWorkers: 3,
          fileParallelism: true,
        },
      },
    ],
  },
});
