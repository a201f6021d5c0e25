import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';
import { OverviewPage } from './pages/overviewPage';
import { SignInPage } from './pages/signInPage';

async function seriousProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme}, ${width} pixels wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('sign-in has no serious accessibility problem', async ({ page }) => {
        await new SignInPage(page, stack().data).open();
        await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
        expect(await seriousProblems(page)).toEqual([]);
      });

      test('the Overview has no serious accessibility problem and does not scroll sideways', async ({
        page,
      }) => {
        await signIn(page, stack().data);
        const overview = new OverviewPage(page, stack().data);
        await overview.open();
        await expect(overview.traffic.getByRole('row').filter({ hasText: 'Neocloud' })).toBeVisible();
        await expect(page.locator('canvas').first()).toBeVisible();
        expect(await seriousProblems(page)).toEqual([]);
        const excess = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(excess).toBeLessThanOrEqual(0);
      });
    });
  }
}

test('the scope bar is reached and used by keyboard alone', async ({ overview, page }) => {
  await overview.open();
  await expect(overview.headline.getByRole('term').first()).toBeVisible();
  const egress = page
    .getByRole('radio', { name: 'Egress' })
    .or(page.getByRole('button', { name: 'Egress' }))
    .first();
  await egress.focus();
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/dir=egress/);
});
