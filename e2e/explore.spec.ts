import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';
import { SLOT_SECONDS } from './knownFlows';

// Of e2e/knownFlows.ts by hand: 17.4 MB x 4 (out and in) x 78 (an hour's saw-tooth) x 24, twice for US-West and once for EU-Central.
const OF_ONE_EXPORTER = 17_400_000n * 4n * 78n * 24n;

/** The first 24 hours of the known flows. */
function knownDay(): string {
  const { firstSlot } = stack();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return `from=${iso(firstSlot)}&to=${iso(firstSlot + 288 * SLOT_SECONDS)}`;
}

async function openExplore(page: Page, query = ''): Promise<void> {
  await signIn(page, stack().data);
  await page.goto(`${stack().data}/explore?${knownDay()}${query}`);
  await expect(page.getByRole('slider')).toBeVisible();
}

async function seriousProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

test('by clicks alone: regions as a table, whose file has the bytes worked out by hand', async ({ page }) => {
  await openExplore(page);
  await page.getByRole('button', { name: 'Dimension 1: network type' }).click();
  await page.getByRole('menuitem', { name: 'region', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Where does traffic go, by region?' })).toBeVisible();
  await page.getByRole('button', { name: 'Picture: Automatic' }).click();
  await page.getByRole('menuitem', { name: 'Table' }).click();
  await expect(page).toHaveURL(/by=region&as=table/);
  const table = page.getByRole('table', { name: /^Where does traffic go, by region\?/ });
  const total = (name: string) =>
    table.getByRole('row', { name: new RegExp(`^${name}`) }).getByTitle(/ bytes$/);
  const words = (bytes: bigint) => `${bytes.toLocaleString('en-US')} bytes`;
  await expect(total('US-West')).toHaveAttribute('title', words(2n * OF_ONE_EXPORTER));
  await expect(total('Total')).toHaveAttribute('title', words(3n * OF_ONE_EXPORTER));
  expect(await seriousProblems(page)).toEqual([]);

  await page.getByRole('button', { name: /Table, files and links$/ }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\r\n');
  const [header = [], ...rows] = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(','));
  const at = header.indexOf('total_bytes');
  expect(rows.map((row) => [row[0], BigInt(row[at] ?? '0')])).toEqual([
    ['US-West', 2n * OF_ONE_EXPORTER],
    ['EU-Central', OF_ONE_EXPORTER],
    ['Total', 3n * OF_ONE_EXPORTER],
  ]);
});

test('by keyboard alone: two dimensions, only one of them, and a zoom', async ({ page }) => {
  await openExplore(page);
  await page.getByRole('button', { name: 'Add a dimension' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'region', exact: true })).toBeVisible();
  await page.keyboard.type('region');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/by=type(,|%2C)region/);
  const row = page.getByRole('button', { name: /^Neocloud · US-West: filter and hide$/ });
  await row.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Only this' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/filter=/);
  await expect(page.getByRole('rowheader', { name: 'Neocloud · US-West' })).toBeVisible();
  const before = page.url();
  await page.getByRole('slider').focus();
  await page.keyboard.press('End');
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(before);
});

test('what the legend hides stands in the address, with what else was chosen, and Back takes it back', async ({
  page,
}) => {
  await openExplore(page, '&as=lines');
  const button = page.getByRole('button', { name: 'Neocloud', exact: true });
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(page).toHaveURL(/as=lines.*off=Neocloud/);
  await page.reload();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  // By its menu too, which says what it would do now.
  await page.getByRole('button', { name: 'Neocloud: filter and hide' }).click();
  await page.getByRole('menuitem', { name: 'Show in the picture' }).click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect(page).not.toHaveURL(/off=/);
  await page.goBack();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await expect(page).toHaveURL(/as=lines.*off=Neocloud/);
});

test('on a telephone nothing scrolls sideways, and mirrored lines have no serious accessibility problem', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 900 });
  await openExplore(page, '&mirror=1&as=lines&p95=1');
  await expect(page.getByRole('rowheader', { name: /^Total egress/ })).toBeVisible();
  expect(await seriousProblems(page)).toEqual([]);
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess).toBeLessThanOrEqual(0);
});

test('an answer that lasts says for how long, can be given up, and asked for again', async ({ page }) => {
  await signIn(page, stack().data);
  const isQuestion = (url: URL) => url.pathname === '/api/flows/explore-over-time';
  // Never answered: what is given up is the request itself.
  await page.route(isQuestion, () => {});
  const givenUp = page.waitForEvent('requestfailed', (request) => isQuestion(new URL(request.url())));
  await page.goto(`${stack().data}/explore?${knownDay()}`);
  await expect(page.getByText(/^Asking for [1-9]\d*\ss$/)).toBeVisible();
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect((await givenUp).failure()?.errorText).toBe('net::ERR_ABORTED');
  await expect(page.getByText('Cancelled. Nothing has been answered yet.')).toBeVisible();
  await page.unroute(isQuestion);
  await page.getByRole('button', { name: 'Ask again' }).click();
  await expect(page.getByRole('slider')).toBeVisible();
  await expect(page.getByText(/^Cancelled/)).toHaveCount(0);
});

test('on a telephone each head, name and figure of the legend is whole and on the screen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, stack().data);
  const instant = (hours: number) => new Date((stack().firstSlot + hours * 3600) * 1000).toISOString();
  const range = `from=${instant(12).replace('.000Z', 'Z')}&to=${instant(18).replace('.000Z', 'Z')}`;
  await page.goto(`${stack().data}/explore?${range}&by=remoteAddress&compare=previous`);
  const legend = page.getByRole('table', { name: /^Statistics\./ });
  await expect(legend.getByRole('columnheader', { name: 'Change' })).toBeVisible();
  const ends = await legend.evaluate((table) =>
    [...table.querySelectorAll('thead th:not(:first-child), thead th > div, tbody td, tbody th > *')].map(
      (each) => ({
        text: each.textContent,
        right: each.getBoundingClientRect().right,
        cut: each.scrollWidth - each.clientWidth,
      }),
    ),
  );
  expect(ends.filter(({ right }) => right > 390)).toEqual([]);
  expect(ends.filter(({ text, cut }) => text !== 'Filter' && cut > 1)).toEqual([]);
});
