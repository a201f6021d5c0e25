import { expect, test } from 'vitest';
import type { MigrationFile } from './files';
import { type MigrationRow, planMigrations } from './plan';

const file = (number: number, statements: string[] = ['one', 'two', 'three']): MigrationFile => ({
  number,
  name: `000${number}_m`,
  checksum: statements.join('+'),
  statements,
  statementChecksums: statements,
});
const row = (number: number, change: Partial<MigrationRow> = {}): MigrationRow => ({
  number,
  name: `000${number}_m`,
  checksum: 'one+two+three',
  statements: 3,
  done: ['one', 'two', 'three'],
  state: 'applied',
  ...change,
});

test('what the database lacks is applied in the order of the numbers', () => {
  const plan = planMigrations([file(1), file(2), file(3)], [row(1)]);
  expect(plan.problems).toEqual([]);
  expect(plan.steps.map((step) => [step.file.number, step.from])).toEqual([
    [2, 0],
    [3, 0],
  ]);
});

test('a lower number that comes later, from another branch, is applied', () => {
  expect(planMigrations([file(1), file(2)], [row(2)]).steps.map((step) => step.file.number)).toEqual([1]);
});

test('a half-applied migration goes on behind the statements that ran', () => {
  const plan = planMigrations([file(1)], [row(1, { state: 'running', done: ['one'] })]);
  expect(plan.steps.map((step) => step.from)).toEqual([1]);
});

test('a half-applied migration goes on although a statement that had not run was changed', () => {
  const plan = planMigrations(
    [file(1, ['one', 'mended', 'three'])],
    [row(1, { state: 'running', done: ['one'] })],
  );
  expect(plan).toMatchObject({ problems: [], steps: [{ from: 1 }] });
});

test('a half-applied migration whose statements that ran were changed is refused with both ways out', () => {
  const [problem] = planMigrations(
    [file(1, ['other', 'two', 'three'])],
    [row(1, { state: 'running', done: ['one'] })],
  ).problems;
  expect(problem?.code).toBe('changed_half_applied');
  expect(problem?.message).toContain('after 1 of 3 statements');
  expect(problem?.fix).toMatch(/bring statement 1 .* back.*--again 0001/);
});

test('an applied migration that was changed is refused', () => {
  const [problem] = planMigrations([file(1, ['one'])], [row(1)]).problems;
  expect(problem?.code).toBe('changed');
  expect(problem?.fix).toContain('git log -- clickhouse/migrations/0001_m.sql');
});

test('an applied migration whose number another file has now is refused', () => {
  const [problem] = planMigrations([{ ...file(1), name: '0001_other' }], [row(1)]).problems;
  expect(problem?.code).toBe('changed');
  expect(problem?.message).toContain('applied as 0001_m.sql');
});

test('a migration newer than this version is told from a lost file', () => {
  const { problems } = planMigrations([file(2)], [row(1), row(2), row(3)]);
  expect(problems.map(({ code, migration }) => [code, migration])).toEqual([
    ['missing_file', '0001_m'],
    ['newer', '0003_m'],
  ]);
  expect(problems[1]?.fix).toContain('update Weir');
});
