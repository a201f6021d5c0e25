import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, stack, test } from './fixtures';

async function open(page: Page, query: string, role = 'engineer', url = stack().data): Promise<void> {
  await signIn(page, url, role);
  await page.goto(`${url}/data/classification?${query}`);
  await expect(page.getByRole('heading', { name: 'Classification' })).toBeVisible();
}

test('before it is saved, a decision says what it would move, by region and type', async ({ page }) => {
  await open(page, 'prefix=198.19.0.0/24');
  await expect(page.getByRole('textbox', { name: 'Prefix' })).toHaveValue('198.19.0.0/24');
  await page.getByLabel('Network type').selectOption('CDN');
  // 0.4 MB x (1 + … + 12) x 30 hours x 3 out and 1 in, twice as much in US-West as in EU-Central.
  const west = page.getByRole('row', { name: /US-West/ });
  await expect(west).toContainText(/Unclassified\s*CDN/);
  await expect(west).toContainText(/7\.49\sGB/);
  await expect(west).toContainText('720');
  await expect(page.getByRole('row', { name: /EU-Central/ })).toContainText(/3\.74\sGB/);
  // 0.4 of 5 + 3 + 2 + 7 + 0.4
  await expect(page.getByText(/11\.2\sGB \(2\.3\d?\s%/)).toBeVisible();
  // The same prefix inside of one that has a type: nothing moves, and it says why.
  await page.getByRole('textbox', { name: 'Prefix' }).fill('198.18.0.0/16');
  await expect(page.getByText('stay as they are: a link or a longer prefix says their type')).toBeVisible();
  await expect(page.getByText(/No stored record of .* would change its type/)).toBeVisible();
});

test('what cannot be read is said before anything is saved', async ({ page }) => {
  await open(page, 'prefix=198.19.0.7/24');
  await page.getByLabel('Network type').selectOption('CDN');
  await expect(page.getByRole('alert').filter({ hasText: 'has bits set after its length' })).toContainText(
    'write 198.19.0.0/24',
  );
});

test('an engineer saves a decision by keyboard; it is listed with author and reason, and can be taken up again', async ({
  page,
}) => {
  // An AS number of the documentation range: no flow of the other tests has it.
  await open(page, 'asn=64510', 'engineer', stack().none);
  const type = page.getByLabel('Network type');
  await type.focus();
  await page.keyboard.type('Neo');
  await expect(type).toHaveValue('Neocloud');
  await expect(page.getByText('only records to come are concerned')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save decision' })).toBeDisabled();
  await page.getByLabel('Reason').fill('they rent GPUs');
  await page.keyboard.press('Enter');
  const row = page.getByRole('row', { name: /AS64510/ }).first();
  await expect(row).toContainText('Neocloud');
  await expect(row).toContainText('they rent GPUs');
  await expect(row).toContainText('always');
  await expect(row).toContainText('waits to be applied');
  await row.getByRole('button', { name: 'Change the type of AS64510' }).click();
  await expect(page.getByRole('textbox', { name: 'AS number' })).toHaveValue('64510');
  await expect(type).toHaveValue('Neocloud');
});

test('a viewer may look at what a decision would move, and the server lets nobody else save one', async ({
  page,
}) => {
  await open(page, 'asn=64511', 'viewer');
  await expect(
    page.getByText('Your role may look at what a decision would move, but not save it'),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save decision' })).toHaveCount(0);
  const answer = await page.request.post(`${stack().data}/api/classification`, {
    data: {
      draft: { subject: { kind: 'asn', asn: 64511 }, networkType: 'CDN', validFrom: null, validTo: null },
      reason: 'past the form',
      history: 'keep',
    },
  });
  expect(answer.status()).toBe(403);
});

test('while ClickHouse is away the page says so, and decisions can still be read', async ({ page }) => {
  await open(page, 'asn=64511', 'engineer', stack().down);
  await page.getByLabel('Network type').selectOption('CDN');
  await expect(page.getByRole('alert').filter({ hasText: 'ClickHouse' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What was decided?' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme}, ${width} pixels wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } });

      test('no serious accessibility problem, and nothing scrolls sideways', async ({ page }) => {
        await open(page, 'prefix=198.19.0.0/24');
        await page.getByLabel('Network type').selectOption('CDN');
        await expect(page.getByRole('row', { name: /US-West/ })).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
        ).toEqual([]);
        const excess = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(excess).toBeLessThanOrEqual(0);
      });
    });
  }
}
