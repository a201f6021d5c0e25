import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@playwright/test';

/** Everything that the server part of the build says it needs at run time, as paths below the project. */
async function tracedFiles(): Promise<string[]> {
  const root = resolve('.');
  const folder = join(root, '.next', 'server');
  const lists = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.nft.json'));
  expect(lists.length).toBeGreaterThan(10);
  const files = await Promise.all(
    lists.map(async (name) => {
      const list = join(folder, name);
      const { files: named } = JSON.parse(await readFile(list, 'utf8')) as { files: string[] };
      return named.map((file) => relative(root, resolve(dirname(list), file)));
    }),
  );
  return [...new Set(files.flat())];
}

/** What a page reads while it runs: centers of metros for the map. */
const READ = ['package.json', 'clickhouse/taxonomy/metros.csv'];

test('the build follows no file of the project but its own and those of packages', async () => {
  // A path that it cannot follow (a file named at run time) makes it list the whole project, the data of a running server included: then a
  // build beside one fails when a file goes.
  const strangers = (await tracedFiles()).filter(
    (file) => !/^(node_modules|\.next)\//.test(file) && !READ.includes(file),
  );
  expect(strangers).toEqual([]);
});
