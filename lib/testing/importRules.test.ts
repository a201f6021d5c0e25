import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, violationsOf } from './importRules';

const root = new URL('../../', import.meta.url);

function sourceFiles(): string[] {
  return execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
    .split('\n')
    .filter((path) => path !== '');
}

describe('who may import whom', () => {
  it('holds in every source file', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((file) => {
      try {
        return violationsOf(file, readFileSync(new URL(file, root), 'utf8'));
      } catch (error) {
        // Listed by git but deleted in the working tree.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    });
    expect(found.map((v) => `${v.file}: ${v.why} (${v.imported})`)).toEqual([]);
  });

  it.each([
    ['components/overview/Panel.tsx', "import { execute } from '@/lib/server/clickhouse/execute';"],
    ['components/ui/Button.tsx', "import { formatRate } from '../../lib/charts/format';"],
    ['components/overview/Panel.tsx', "import * as echarts from 'echarts/core';"],
    ['components/charts/StackedArea.tsx', "import * as echarts from 'echarts/core';"],
    ['lib/flows/scope.ts', "import { useState } from 'react';"],
    ['lib/flows/scope.ts', "import { readFileSync } from 'node:fs';"],
    ['lib/flows/scope.ts', "import fc from 'fast-check';"],
    ['lib/flows/testing/choose.ts', "import { useState } from 'react';"],
    ['lib/charts/palette.ts', "import { useState } from 'react';"],
    ['lib/server/route.ts', "import page from '@/app/page';"],
    ['lib/server/route.ts', "import { main } from '../cli/demo';"],
    ['lib/hooks/useScope.ts', "import { env } from '@/lib/server/env';"],
    ['app/(dash)/page.tsx', "'use client';\nimport { env } from '@/lib/server/env';"],
    ['lib/server/ingest/write.ts', "const engine = await import('../../../clickhouse/embedded/start');"],
  ])('refuses a planted violation in %s: %s', (file, source) => {
    expect(violationsOf(file, source)).toHaveLength(1);
  });

  it.each([
    ['app/(dash)/page.tsx', "import { env } from '@/lib/server/env';"],
    ['components/charts/EChart.tsx', "import * as echarts from 'echarts/core';"],
    ['lib/flows/urlState.ts', "import { parseAsString } from 'nuqs/server';"],
    ['lib/flows/filter/testing/arbitrary.ts', "import fc from 'fast-check';"],
    ['lib/server/repos/people.ts', "import { PrismaClient } from '@/prisma/generated/client';"],
    ['next.config.ts', "import x from './lib/server/env';"],
  ])('allows %s: %s', (file, source) => {
    expect(violationsOf(file, source)).toEqual([]);
  });

  it('sees imports over several lines, re-exports and dynamic imports, and no comment', () => {
    const source =
      "import {\n  a,\n  b,\n} from './one';\nexport * from './two';\nimport './three';\nimport('./four');\n// import './five';";
    expect(importsOf(source)).toEqual(['./one', './two', './three', './four']);
  });
});
