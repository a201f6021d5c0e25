import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { answerMatrix } from '@/lib/flows/answerMatrix';
import { TABLES } from '@/lib/flows/tables';
import { retainedTables } from './migrate/retention';

const catalogue = readFileSync(new URL('README.md', import.meta.url), 'utf8');

/** A Markdown table without the spaces that formatters move. */
const plain = (text: string) =>
  text
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .map((part) => part.trim().replace(/^-+$/, '---'))
        .join('|'),
    )
    .join('\n');

test('the matrix in the catalogue is the one by which questions are answered', () => {
  expect(plain(catalogue)).toContain(plain(answerMatrix()));
});

test.each([...new Set([...TABLES, ...Object.keys(retainedTables)])])(
  '%s stands in the catalogue',
  (table) => {
    expect(catalogue).toMatch(new RegExp(`\\| \`${table}\``));
  },
);
