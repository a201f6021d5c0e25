import { createHash } from 'node:crypto';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { expect, test } from 'vitest';
import { planPostgres } from './history';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const list = (files: Record<string, string | null>): MigrationList => ({
  baseDir: '/m',
  lockfile: { path: 'migration_lock.toml', content: null },
  shadowDbInitScript: '',
  migrationDirectories: Object.entries(files).map(([path, sql]) => ({
    path,
    migrationFile: {
      path: 'migration.sql',
      content: sql === null ? { tag: 'error', value: 'gone' } : { tag: 'ok', value: sql },
    },
  })),
});
const row = (name: string, sql: string, finished = true) => ({ name, checksum: sha(sql), finished });

test('what the database lacks is pending', () => {
  expect(planPostgres(list({ '1_a': 'A;', '2_b': 'B;' }), [row('1_a', 'A;')])).toEqual({
    applied: ['1_a'],
    pending: ['2_b'],
    resumed: [],
    problems: [],
  });
});

test('a file with other line ends is the same file', () => {
  expect(planPostgres(list({ '1_a': 'A;\r\nB;\r\n' }), [row('1_a', 'A;\nB;\n')]).applied).toEqual(['1_a']);
});

test('a migration that was cut short starts again, as PostgreSQL undid it', () => {
  expect(planPostgres(list({ '1_a': 'A;' }), [row('1_a', 'A;', false)])).toMatchObject({
    pending: ['1_a'],
    resumed: ['1_a'],
    problems: [],
  });
});

test('one that steps out of its transaction is refused when it was cut short', () => {
  const sql = 'CREATE INDEX CONCURRENTLY i ON t (x);';
  const [problem] = planPostgres(list({ '1_a': sql }), [row('1_a', sql, false)]).problems;
  expect(problem?.code).toBe('half_applied');
  expect(problem?.fix).toContain("SET rolled_back_at = now() WHERE migration_name = '1_a'");
});

test('changed, lost, unreadable and newer migrations are told apart', () => {
  const { problems } = planPostgres(list({ '2_b': 'B2;', '3_c': null }), [
    row('1_a', 'A;'),
    row('2_b', 'B;'),
    row('9_z', 'Z;'),
  ]);
  expect(problems.map(({ code, migration }) => [code, migration])).toEqual([
    ['changed', '2_b'],
    ['bad_file', '3_c'],
    ['missing_file', '1_a'],
    ['newer', '9_z'],
  ]);
});
