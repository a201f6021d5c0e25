import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import manifest from '@/package.json';

const versionOf = (name: string): string => createRequire(import.meta.url)(`${name}/package.json`).version;

test('the schema engine is the one that the Prisma command of the same version would fetch', () => {
  expect(manifest.dependencies['@prisma/schema-engine-wasm']).toBe(versionOf('@prisma/engines-version'));
});

test('the Prisma family is of one version', () => {
  const { dependencies, devDependencies } = manifest;
  const family = [
    dependencies['@prisma/client'],
    dependencies['@prisma/adapter-pg'],
    dependencies['@prisma/driver-adapter-utils'],
  ];
  expect(new Set(family)).toEqual(new Set([devDependencies.prisma]));
});
