import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** Of what lies over the page; the page itself is looked at in accessibility.spec.ts. */
async function seriousProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

test('a range in words, steps and zooms by keyboard alone, and Back takes each back', async ({
  overview,
  page,
}) => {
  await overview.open();
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  await page.keyboard.press('t');
  await page.getByLabel('In words').fill('last 3 days');
  await expect(page.getByText(/^Last 3 days: .* until .*, UTC$/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/range=3d/);
  await expect(page.getByLabel('In words')).toHaveCount(0);
  await page.keyboard.press('-');
  await expect(page).toHaveURL(/range=6d/);
  await page.keyboard.press('[');
  await expect(page).toHaveURL(/from=.*to=/);
  await page.keyboard.press('r');
  await page.goBack();
  await expect(page).toHaveURL(/range=6d/);
  await page.goBack();
  await expect(page).toHaveURL(/range=3d/);
});

test('what is no range says so, and changes nothing', async ({ overview, page }) => {
  await overview.open('range=7d');
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByLabel('In words').fill('last 3 fortnigths');
  await page.keyboard.press('Enter');
  await expect(page.getByText('"fortnigths" is not understood.', { exact: false })).toBeVisible();
  await expect(page).toHaveURL(/range=7d/);
});

test('every panel asks about the same instant, and a compared start goes into the link', async ({
  overview,
  page,
}) => {
  // What each question was asked for last: where five minutes end while the page opens, all of them are asked anew.
  const asked = new Map<string, string>();
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    const isQuestion = pathname.startsWith('/api/flows/') && pathname !== '/api/flows/progress';
    if (isQuestion) asked.set(pathname, searchParams.get('at') ?? 'none');
  });
  await overview.open();
  await expect(overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
  expect(asked.size).toBeGreaterThan(2);
  await expect.poll(() => new Set(asked.values()).size).toBe(1);
  expect([...asked.values()][0]).toMatch(/:[0-5][05]:00Z$/);
  await expect(page).not.toHaveURL(/[?&]at=/);
  await page.getByRole('button', { name: /^Compare with/ }).click();
  await page.getByLabel('Any other of the same length, from').fill('2026-03-01 00:00');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/compare=2026-03-01T00:00:00Z/);
  await expect(page.getByRole('button', { name: 'Compare with: from Mar 1, 2026, 00:00' })).toBeVisible();
});

test('Cmd-K finds ranges, networks and pages; ? shows the keys; both are accessible', async ({
  overview,
  page,
}) => {
  await overview.open();
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('One range earlier');
  expect(await seriousProblems(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('Control+k');
  const find = page.getByRole('combobox', { name: 'Find a page, range, network or address' });
  await find.fill('yesterday');
  await expect(page.getByRole('option').first()).toContainText('Yesterday');
  expect(await seriousProblems(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/range=yesterday/);

  await page.keyboard.press('Control+k');
  await find.fill('neocl');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/Neocloud/);
  await expect(page).toHaveURL(/range=yesterday/);

  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { name: 'Is the data right?' })).toBeVisible();
  await expect(page).toHaveURL(/\/data\?.*range=yesterday/);
});
