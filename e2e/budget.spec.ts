import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';

/** What the first dashboard may bring, gzip. */
const FIRST_DASHBOARD = 300_000;

/** Scripts that a page asks for until it is quiet, with their size in gzip. */
async function scriptsOf(page: Page, path: string): Promise<{ url: string; bytes: number; text: string }[]> {
  const scripts: Promise<{ url: string; bytes: number; text: string }>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    scripts.push(
      response.body().then((body) => ({
        url: response.url(),
        bytes: gzipSync(body).length,
        text: body.toString('utf8'),
      })),
    );
  });
  await page.goto(`${stack().data}${path}`, { waitUntil: 'networkidle' });
  return Promise.all(scripts);
}

test('the first dashboard brings at most 300 kB of scripts, and no library that it does not draw with', async ({
  page,
  browser,
}) => {
  await signIn(page, stack().data);
  const state = await page.context().storageState();
  // As somebody comes who was signed in yesterday: nothing is in the cache.
  const fresh = await browser.newContext({ storageState: state });
  const scripts = await scriptsOf(await fresh.newPage(), '/');
  await fresh.close();
  const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
  const list = scripts
    .sort((a, b) => b.bytes - a.bytes)
    .map((script) => `${script.bytes} ${new URL(script.url).pathname}`)
    .join('\n');
  test.info().annotations.push({ type: 'bytes', description: `${bytes}\n${list}` });
  expect(scripts.length).toBeGreaterThan(3);
  expect(bytes, list).toBeLessThanOrEqual(FIRST_DASHBOARD);
  expect(scripts.filter(({ text }) => /echarts|topojson/i.test(text)).map(({ url }) => url)).toEqual([]);
});
